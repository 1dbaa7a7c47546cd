//! One envelope, event by event: what belongs to the body's decoder, what to a fault.

use std::sync::Arc;

use super::called::Called;
use super::envelope::envelope_namespace;
use super::error::SoapError;
use super::fault::FaultReader;
use super::header::Header;
use super::links::{Link, Links};
use super::references::{self, Reading, References};
use crate::codec::{Child, DecodeError, Decoder, Graph, NodeId};
use crate::diagnostic::Code;
use crate::wsdl::SoapVersion;
use crate::xml::{NsId, Scope, StartTag, StreamHandler, XmlLimits};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
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

#[derive(Debug)]
pub(super) struct Sink {
    pub(super) place: Place,
    version: Option<SoapVersion>,
    response: Option<NodeId>,
    faults: Arc<[Child]>,
    graph: Arc<Graph>,
    pub(super) decoder: Decoder,
    pub(super) fault: Option<FaultReader>,
    /// The encoding, where a body has one and references are still to be followed.
    encoding: Option<NsId>,
    /// The body from its first reference on, and where that was.
    references: Option<Box<(References, Place)>>,
    pub(super) bodies: u32,
    pub(super) began: bool,
    /// What the call was.
    pub(super) called: Called,
    pub(super) header: Header,
    /// References to attachments, where there may be some.
    pub(super) links: Option<Links>,
    limits: XmlLimits,
}

impl Sink {
    /// The answer may refer to attachments.
    pub(super) fn link(&mut self) {
        self.links = Some(Links::new(self.encoding.is_some()));
    }

    pub(super) fn new(
        graph: Arc<Graph>,
        response: Option<NodeId>,
        faults: Arc<[Child]>,
        (strict, limits): (bool, XmlLimits),
    ) -> Self {
        let decoder = Decoder::new(Arc::clone(&graph), strict).within(limits);
        let encoding = response.and_then(|node| graph.rules(node).encoding());
        Self {
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
            header: Header::default(),
            links: None,
            limits,
        }
    }

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
        } else if namespace == Some(tag.namespace) && tag.local == "Header" && self.bodies == 0 {
            self.place = Place::Header(1);
            let version = self.version.unwrap_or(SoapVersion::V11);
            self.header.open(&self.graph, version, self.limits);
        } else {
            self.place = Place::After(1);
        }
        Ok(())
    }

    fn payload(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        let version = self.version.unwrap_or(SoapVersion::V11);
        if tag.local == "Fault" && self.is_fault(tag.namespace) {
            self.fault = Some(FaultReader::new(Arc::clone(&self.graph), self.limits));
            self.place = Place::Fault(1);
            return Ok(());
        }
        if self.fault.is_some() || self.response.is_none() {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()).into());
        }
        if !self.began {
            self.called.denied_by(version, &mut self.decoder)?;
        }
        self.header.settle(&mut self.decoder)?;
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
        if !references::takes_part(tag, encoding, self.links.is_some()) {
            return Ok(false);
        }
        let mut references = References::new(encoding, scope, tag.depth, self.links.is_some());
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

impl Sink {
    /// An element starts in an answer that may refer to attachments.
    fn start_linked(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        let in_payload = matches!(self.place, Place::Payload(_) | Place::Encoded(_) | Place::Body);
        let Some(links) = self.links.as_mut().filter(|_| in_payload) else {
            return self.start_plain(tag, scope);
        };
        match links.start(tag, scope)? {
            Link::Inside => {}
            Link::Include(mark) => self.decoder.text(&mark),
            Link::None => return self.start_plain(tag, scope),
            Link::Content(mark) => {
                self.start_plain(tag, scope)?;
                // What is kept is read again, and comes here then.
                if matches!(self.place, Place::Payload(_) | Place::Encoded(_)) {
                    self.decoder.text(&mark);
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn start_plain(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        match &mut self.place {
            Place::Payload(depth) => {
                *depth += 1;
                Ok(self.decoder.start(tag, scope)?)
            }
            Place::Outside => self.envelope(tag),
            Place::Envelope => self.part(tag),
            Place::After(depth) => {
                *depth += 1;
                Ok(())
            }
            Place::Header(depth) => {
                *depth += 1;
                Ok(self.header.start(tag, scope)?)
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
}

impl StreamHandler for Sink {
    type Error = SoapError;

    #[inline]
    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), SoapError> {
        if self.links.is_some() {
            self.start_linked(tag, scope)
        } else {
            self.start_plain(tag, scope)
        }
    }

    #[inline]
    fn text(&mut self, text: &str) -> Result<(), SoapError> {
        if self.links.as_ref().is_some_and(Links::is_inside) {
            return Ok(());
        }
        match (self.place, &mut self.fault) {
            (Place::Payload(_) | Place::Encoded(_), _) => self.decoder.text(text),
            (Place::Kept, _) => {
                if let Some(kept) = &mut self.references {
                    kept.0.text(text)?;
                }
            }
            (Place::Body, None) if self.response.is_some() => self.decoder.text(text),
            (Place::Fault(_), Some(fault)) => fault.text(text),
            (Place::Header(_), _) => self.header.text(text),
            _ => {}
        }
        Ok(())
    }

    #[inline]
    fn end(&mut self, scope: &Scope) -> Result<(), SoapError> {
        if self.links.as_mut().is_some_and(Links::end) {
            return Ok(());
        }
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
                    self.header.settle(&mut self.decoder)?;
                    self.decoder.end(scope)?;
                }
                self.place = Place::Envelope;
            }
            Place::Header(depth) => {
                *depth -= 1;
                if *depth == 0 {
                    self.place = Place::Envelope;
                } else {
                    self.header.end(scope)?;
                }
            }
            Place::After(depth) => {
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
