//! Envelopes that come back, read as they arrive.

use std::sync::Arc;

use super::called::Called;
use super::envelope::envelope_namespace;
use super::error::{Received, SoapError};
use super::fault::FaultReader;
use super::references::{self, Reading, References};
use super::transcode::Transcode;
use crate::codec::{Child, DecodeError, Decoder, Graph, NodeId, Violations};
use crate::diagnostic::Code;
use crate::wsdl::SoapVersion;
use crate::xml::{NsId, Scope, StartTag, StreamHandler, StreamReader, XmlError, XmlLimits};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Envelope,
    Header(u32),
    Body,
    Payload(u32),
    /// A payload with SOAP encoding, no reference in it so far.
    Encoded(u32),
    /// What comes from the first reference to the end of the body is kept.
    Kept,
    Fault(u32),
    After(u32),
}

/// Reads one envelope.
#[derive(Debug)]
pub struct EnvelopeReader {
    transcode: Transcode,
    stream: StreamReader,
    sink: Sink,
}

#[derive(Debug)]
struct Sink {
    place: Place,
    version: Option<SoapVersion>,
    response: Option<NodeId>,
    faults: Arc<[Child]>,
    graph: Arc<Graph>,
    decoder: Decoder,
    fault: Option<FaultReader>,
    /// The encoding, where a body has one and references are still to be followed.
    encoding: Option<NsId>,
    /// The body from its first reference on, and where that was.
    references: Option<Box<(References, Place)>>,
    bodies: u32,
    began: bool,
    /// What the call was.
    called: Called,
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
        let decoder = Decoder::new(Arc::clone(&graph), strict).within(limits);
        let encoding = response.and_then(|node| graph.rules(node).encoding());
        Self {
            transcode: Transcode::new(charset),
            stream: StreamReader::new(names, limits),
            sink: Sink {
                place: Place::Outside,
                version: None,
                response,
                faults,
                graph,
                decoder,
                fault: None,
                encoding,
                references: None,
                bodies: 0,
                began: false,
                called: Called::default(),
            },
        }
    }

    /// Adds what the answer is held against: the version of the request, and whether the
    /// transport says that the call failed. A result that denies either is a deviation.
    #[must_use]
    pub fn of_call(mut self, version: SoapVersion, failed: bool) -> Self {
        self.sink.called = Called::new(version, failed);
        self
    }

    /// Takes the next bytes of the answer.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), SoapError> {
        let Self { transcode, stream, sink } = self;
        let fed = transcode.feed(chunk, false, |utf8| stream.feed(utf8, sink));
        fed.map_err(|error| self.explain(error))
    }

    /// Says that the answer ended, and learns what it was.
    pub fn finish(&mut self) -> Result<Received, SoapError> {
        let Self { transcode, stream, sink } = self;
        let fed = transcode
            .feed(&[], true, |utf8| stream.feed(utf8, sink))
            .and_then(|()| stream.finish(sink));
        let outside = stream.outside();
        fed.map_err(|error| self.explain(error))?;
        let sink = &mut self.sink;
        if let Some(fault) = sink.fault.take() {
            return Ok(Received::Fault(Box::new(fault.fault)));
        }
        if sink.bodies == 0 {
            return Err(SoapError::Shape("no body"));
        }
        if let Some(outside) = outside {
            sink.decoder.deviates(Code::ViolationOutside, outside)?;
        }
        Ok(Received::Answer)
    }

    /// What failed before any element came is not XML at all.
    fn explain(&self, error: SoapError) -> SoapError {
        match error {
            SoapError::Xml(
                inner @ (XmlError::IllFormed { .. }
                | XmlError::Truncated { .. }
                | XmlError::NotUtf8 { .. }),
            ) if self.sink.place == Place::Outside => SoapError::NotXml(inner),
            other => other,
        }
    }

    /// Whether the body's first element has come and is no fault: from now on JSON may be
    /// sent as it comes.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        self.sink.began && self.sink.fault.is_none()
    }

    /// JSON so far that was not taken away.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.sink.decoder.output()
    }

    /// Takes the JSON away.
    pub fn take(&mut self) -> Vec<u8> {
        self.sink.decoder.take()
    }

    /// What deviated from the contract.
    #[must_use]
    pub fn violations(&self) -> &Violations {
        self.sink.decoder.violations()
    }
}

impl Sink {
    fn envelope(&mut self, tag: &StartTag<'_>) -> Result<(), SoapError> {
        let version = [SoapVersion::V11, SoapVersion::V12]
            .into_iter()
            .find(|version| tag.is(envelope_namespace(*version), "Envelope"));
        let Some(version) = version else {
            return Err(SoapError::NotEnvelope(tag.local.to_owned()));
        };
        self.version = Some(version);
        self.place = Place::Envelope;
        Ok(())
    }

    fn part(&mut self, tag: &StartTag<'_>) -> Result<(), SoapError> {
        let namespace = self.version.map(envelope_namespace);
        if namespace == Some(tag.namespace) && tag.local == "Body" {
            self.bodies += 1;
            if self.bodies > 1 {
                return Err(SoapError::Shape("two bodies"));
            }
            self.place = Place::Body;
            if let Some(response) = self.response {
                self.decoder.begin(response);
            }
        } else if namespace == Some(tag.namespace) && tag.local == "Header" {
            self.place = Place::Header(1);
        } else {
            self.place = Place::After(1);
        }
        Ok(())
    }

    fn payload(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        let version = self.version.unwrap_or(SoapVersion::V11);
        if tag.local == "Fault" && self.is_fault(tag.namespace) {
            self.fault = Some(FaultReader::new(Arc::clone(&self.graph)));
            self.place = Place::Fault(1);
            return Ok(());
        }
        if self.fault.is_some() || self.response.is_none() {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()).into());
        }
        if !self.began {
            self.called.denied_by(version, &mut self.decoder)?;
        }
        self.decoder.start(tag, scope)?;
        self.began = true;
        self.place = if self.encoding.is_some() { Place::Encoded(1) } else { Place::Payload(1) };
        Ok(())
    }

    /// Whether a `Fault` of this namespace is one: that of either SOAP, or of none where no
    /// answer has come that could hold it.
    fn is_fault(&self, namespace: NsId) -> bool {
        [NsId::SOAP11, NsId::SOAP12].contains(&namespace) || namespace == NsId::NONE && !self.began
    }

    /// Keeps an element that has to do with references, and with it all that follows;
    /// `false` for any other element.
    fn keeps(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<bool, SoapError> {
        let Some(encoding) = self.encoding else { return Ok(false) };
        if !references::takes_part(tag, encoding) {
            return Ok(false);
        }
        let mut references = References::new(encoding, scope, tag.depth);
        references.start(tag, scope)?;
        self.references = Some(Box::new((references, self.place)));
        self.place = Place::Kept;
        Ok(true)
    }

    /// The body is whole: reads what was kept of it.
    fn read_kept(&mut self) -> Result<(), SoapError> {
        let Some(kept) = self.references.take() else { return Ok(()) };
        let (references, place) = *kept;
        self.place = place;
        self.encoding = None;
        let is_rooted = self.began || self.fault.is_some();
        references.read(self, is_rooted)
    }
}

impl Reading for Sink {
    fn leads_nowhere(&mut self, reference: &str) -> Result<(), SoapError> {
        Ok(self.decoder.deviates(Code::ViolationReference, reference)?)
    }
}

impl StreamHandler for Sink {
    type Error = SoapError;

    #[inline]
    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        match &mut self.place {
            Place::Payload(depth) => {
                *depth += 1;
                Ok(self.decoder.start(tag, scope)?)
            }
            Place::Outside => self.envelope(tag),
            Place::Envelope => self.part(tag),
            Place::Header(depth) | Place::After(depth) => {
                *depth += 1;
                Ok(())
            }
            Place::Encoded(depth) => {
                let inside = *depth + 1;
                if self.keeps(tag, scope)? {
                    return Ok(());
                }
                self.place = Place::Encoded(inside);
                Ok(self.decoder.start(tag, scope)?)
            }
            Place::Kept => match &mut self.references {
                Some(kept) => Ok(kept.0.start(tag, scope)?),
                None => Ok(()),
            },
            Place::Body => {
                if self.keeps(tag, scope)? {
                    return Ok(());
                }
                self.payload(tag, scope)
            }
            Place::Fault(depth) => {
                let inside = *depth + 1;
                if self.keeps(tag, scope)? {
                    return Ok(());
                }
                self.place = Place::Fault(inside);
                match &mut self.fault {
                    Some(fault) => Ok(fault.start(&self.faults, tag, scope)?),
                    None => Ok(()),
                }
            }
        }
    }

    #[inline]
    fn text(&mut self, text: &str) -> Result<(), SoapError> {
        match (self.place, &mut self.fault) {
            (Place::Payload(_) | Place::Encoded(_), _) => self.decoder.text(text),
            (Place::Kept, _) => {
                if let Some(kept) = &mut self.references {
                    kept.0.text(text)?;
                }
            }
            (Place::Body, None) if self.response.is_some() => self.decoder.text(text),
            (Place::Fault(_), Some(fault)) => fault.text(text),
            _ => {}
        }
        Ok(())
    }

    #[inline]
    fn end(&mut self, scope: &Scope) -> Result<(), SoapError> {
        match &mut self.place {
            Place::Kept => {
                if self.references.as_mut().is_some_and(|kept| kept.0.end()) {
                    return Ok(());
                }
                // The body ends, and all that was kept is read before it does.
                self.read_kept()?;
                return self.end(scope);
            }
            Place::Payload(depth) | Place::Encoded(depth) => {
                *depth -= 1;
                if *depth == 0 {
                    self.place = Place::Body;
                }
                self.decoder.end(scope)?;
            }
            Place::Fault(depth) => {
                *depth -= 1;
                if *depth == 0 {
                    self.place = Place::Body;
                } else if let Some(fault) = &mut self.fault {
                    fault.end(scope)?;
                }
            }
            Place::Body => {
                if self.fault.is_none() && self.response.is_some() {
                    self.decoder.end(scope)?;
                }
                self.place = Place::Envelope;
            }
            Place::Header(depth) | Place::After(depth) => {
                *depth -= 1;
                if *depth == 0 {
                    self.place = Place::Envelope;
                }
            }
            Place::Envelope | Place::Outside => {}
        }
        Ok(())
    }
}
