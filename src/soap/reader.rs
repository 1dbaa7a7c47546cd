//! Answers that come back, read as they arrive.

use std::sync::Arc;

use super::called::Called;
use super::error::{Received, SoapError};
use super::fill::Filling;
use super::header::{Header, HeaderPlan};
use super::package::{AttachmentMember, Package, RootText};
use super::sink::{Place, Sink};
use super::transcode::Transcode;
use crate::codec::{Child, Graph, NodeId, Violations};
use crate::diagnostic::Code;
use crate::mime::{MediaType, MultipartError};
use crate::wsdl::SoapVersion;
use crate::xml::{StreamReader, XmlError, XmlLimits};

/// Reads one envelope.
#[derive(Debug)]
pub struct EnvelopeReader {
    text: Text,
    /// Set where the answer has several parts.
    package: Option<Result<Package, MultipartError>>,
    members: Arc<[AttachmentMember]>,
    /// The JSON with its attachments, once all of it is there.
    filled: Option<Vec<u8>>,
    /// Whether all of the answer has been read.
    is_whole: bool,
}

/// The envelope's own text.
#[derive(Debug)]
struct Text {
    transcode: Transcode,
    stream: StreamReader,
    sink: Sink,
}

impl RootText for Text {
    fn begin(&mut self, charset: Option<&str>) {
        self.transcode = Transcode::new(charset);
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<(), SoapError> {
        let Self { transcode, stream, sink } = self;
        transcode.feed(bytes, false, |utf8| stream.feed(utf8, sink))
    }
}

impl Text {
    fn finish(&mut self) -> Result<(), SoapError> {
        let Self { transcode, stream, sink } = self;
        transcode.feed(&[], true, |utf8| stream.feed(utf8, sink)).and_then(|()| stream.finish(sink))
    }
}

impl EnvelopeReader {
    /// A reader for the answer of one operation: what its body may hold and which elements
    /// its faults' details may. `charset` is that of the `Content-Type`.
    #[must_use]
    pub fn new(
        graph: Arc<Graph>,
        response: Option<NodeId>,
        faults: Arc<[Child]>,
        charset: Option<&str>,
        limits: XmlLimits,
        strict: bool,
    ) -> Self {
        let names = Arc::clone(&graph.namespaces);
        let text = Text {
            transcode: Transcode::new(charset),
            stream: StreamReader::new(names, limits),
            sink: Sink::new(graph, response, faults, (strict, limits)),
        };
        let members = Arc::default();
        Self { text, package: None, members, filled: None, is_whole: false }
    }

    /// The same, with what is taken from the Header of the answer.
    #[must_use]
    pub fn with_headers(mut self, plan: &Arc<HeaderPlan>) -> Self {
        self.text.sink.header = Header::of(Arc::clone(plan));
        self
    }

    /// The same for an answer of this `Content-Type`: its charset, and its parts where it has
    /// several. `members` are those of the body that are attachments.
    #[must_use]
    pub fn of_type(
        mut self,
        content_type: Option<&str>,
        members: &Arc<[AttachmentMember]>,
    ) -> Self {
        let media = MediaType::parse(content_type.unwrap_or_default());
        self.members = Arc::clone(members);
        self.text.begin(media.parameter("charset"));
        if media.is_multipart() {
            self.package = Some(Package::new(&media));
            self.text.sink.link();
        }
        self
    }

    /// Adds what the answer is held against: the version of the request, and whether the
    /// transport says that the call failed. A result that denies either is a deviation.
    #[must_use]
    pub fn of_call(mut self, version: SoapVersion, failed: bool) -> Self {
        self.text.sink.called = Called::new(version, failed);
        self
    }

    /// Takes the next bytes of the answer.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), SoapError> {
        let fed = match &mut self.package {
            None => self.text.feed(chunk),
            Some(Ok(package)) => package.feed(chunk, &mut self.text),
            Some(Err(error)) => Err(error.clone().into()),
        };
        fed.map_err(|error| self.explain(error))
    }

    /// Says that the answer ended, and learns what it was.
    pub fn finish(&mut self) -> Result<Received, SoapError> {
        let opened = match &mut self.package {
            None => Ok(()),
            Some(Ok(package)) => package.finish(&mut self.text),
            Some(Err(error)) => Err(error.clone().into()),
        };
        let fed = opened.and_then(|()| self.text.finish());
        let outside = self.text.stream.outside();
        fed.map_err(|error| self.explain(error))?;
        let sink = &mut self.text.sink;
        if let Some(fault) = sink.fault.take() {
            let mut fault = fault.fault;
            fault.declared = fault.declared.or_else(|| sink.header.take_fault());
            return Ok(Received::Fault(Box::new(fault)));
        }
        if sink.bodies == 0 {
            return Err(SoapError::Shape("no body"));
        }
        if let Some(outside) = outside {
            sink.decoder.deviates(Code::ViolationOutside, outside)?;
        }
        self.is_whole = true;
        self.fill()?;
        Ok(Received::Answer)
    }

    /// Puts attachments where they belong.
    fn fill(&mut self) -> Result<(), SoapError> {
        let sink = &mut self.text.sink;
        let Some(Ok(package)) = self.package.take() else {
            for member in &*self.members {
                sink.decoder.deviates(Code::ViolationAttachmentMissing, &member.part)?;
            }
            return Ok(());
        };
        let mut attachments = package.into_attachments();
        let links = sink.links.take().unwrap_or_default();
        let mut filling = Filling::new(&mut attachments, &links.references);
        let json = filling.fill(&sink.decoder.take())?;
        if let Some(lead) = sink.header.lead() {
            *lead = filling.fill(lead)?;
        }
        // By now it is known what the JSON refers to: the rest are members.
        let json = filling.members(&self.members, json)?;
        sink.decoder.absorb(filling.unused())?;
        self.filled = Some(sink.header.around(json, true));
        Ok(())
    }

    /// What failed before any element came is not XML at all.
    fn explain(&self, error: SoapError) -> SoapError {
        match error {
            SoapError::Xml(
                inner @ (XmlError::IllFormed { .. }
                | XmlError::Truncated { .. }
                | XmlError::NotUtf8 { .. }),
            ) if self.text.sink.place == Place::Outside => SoapError::NotXml(inner),
            other => other,
        }
    }

    /// Whether the body's first element has come and is no fault: from now on JSON may be
    /// sent as it comes.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        // Attachments come last, and what refers to them stands before.
        self.package.is_none() && self.text.sink.began && self.text.sink.fault.is_none()
    }

    /// JSON so far that was not taken away.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.text.sink.decoder.output()
    }

    /// Takes the JSON away.
    pub fn take(&mut self) -> Vec<u8> {
        if let Some(filled) = self.filled.take() {
            return filled;
        }
        let json = self.text.sink.decoder.take();
        self.text.sink.header.around(json, self.is_whole)
    }

    /// Values of the Header that become headers of the HTTP answer; known once
    /// [`is_answer`](Self::is_answer) is.
    #[must_use]
    pub fn fields(&self) -> &[(Arc<str>, String)] {
        self.text.sink.header.fields()
    }

    /// What deviated from the contract.
    #[must_use]
    pub fn violations(&self) -> &Violations {
        self.text.sink.decoder.violations()
    }
}
