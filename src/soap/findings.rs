//! What a type cannot carry, and which types its values hold: what a judge asks of the schema.

use crate::codec::{ArrayItem, array_item};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::xml::ns;
use crate::xsd::{
    ComplexType, Content, ElementId, Particle, SchemaSet, Term, TypeDefinition, TypeId, Variety,
};

/// One type as a judge sees it.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is lost or missing in the type itself.
    pub(super) reasons: Vec<Diagnostic>,
    /// Types its values may hold.
    pub(super) reaches: Vec<TypeId>,
}

/// Looks at one type.
pub(super) fn findings(schema: &SchemaSet, id: TypeId) -> Findings {
    let mut found = Findings::default();
    match schema.ty(id) {
        // The author meant something that any value is.
        TypeDefinition::Missing { name, span } if *name.namespace == *ns::XSD => {
            let message = format!("XML Schema has no type `{}`", name.local);
            found.reasons.push(
                Diagnostic::warning(Code::LossAnyType, *span, message)
                    .label("read as anyType")
                    .help("name the type that is meant; a value is carried by the xsi:type it comes with"),
            );
        }
        TypeDefinition::Missing { name, span } => {
            let message = format!("`{}` is used and defined nowhere", name.local);
            let namespace = name.namespace.trim_start_matches('?');
            found.reasons.push(
                Diagnostic::error(Code::ContractReferenceMissing, *span, message)
                    .label("not defined")
                    .help(format!("add the import that defines it in namespace `{namespace}`, or mend the name")),
            );
        }
        TypeDefinition::Simple(simple) => match &simple.variety {
            Variety::Atomic(_) => {}
            Variety::List(item) => found.reaches.push(*item),
            Variety::Union(members) => found.reaches.extend(members),
        },
        TypeDefinition::Complex(complex) => {
            if let Some(item) = array_item(schema, complex) {
                return array_findings(schema, complex, item);
            }
            complex_findings(schema, complex, &mut found);
            // Any derived type may stand in by xsi:type; of anyType that would be all.
            if complex.base.is_some() {
                let derived = schema.derived.get(&id).map_or(&[][..], Vec::as_slice);
                found.reaches.extend(derived);
            }
        }
    }
    found
}

/// What an array of SOAP encoding holds; its own content and attributes are the encoding's.
fn array_findings(schema: &SchemaSet, complex: &ComplexType, item: ArrayItem) -> Findings {
    let mut found = Findings::default();
    let name = complex.name.as_ref().map_or("the array", |name| &*name.local);
    let why = match item {
        ArrayItem::Type(ty) => {
            let is_any = is_any_type(schema, ty);
            found.reaches.push(ty);
            is_any.then(|| format!("items of `{name}` are anyType"))
        }
        ArrayItem::Missing(item) => {
            Some(format!("the items of `{name}` are `{}`, which is defined nowhere", item.local))
        }
        ArrayItem::Any => Some(format!("`{name}` does not say what its items are")),
    };
    if let (Some(why), Some(span)) = (why, complex.span) {
        let message = format!("{why}: known only by the types they come with");
        let reason = Diagnostic::warning(Code::LossAnyType, span, message);
        found.reasons.push(reason.label("items of any type").help(Code::LossAnyType.fix()));
    }
    found
}

fn complex_findings(schema: &SchemaSet, complex: &ComplexType, found: &mut Findings) {
    let name = complex.name.as_ref().map_or("the type", |name| &*name.local);
    let span = complex.span;
    let mut lose = |code: Code, span: Option<Span>, message: String, label: &str| {
        let Some(span) = span else { return };
        let reason = Diagnostic::warning(code, span, message).label(label);
        found.reasons.push(reason.help(code.fix()));
    };
    if complex.mixed && complex.base.is_some() {
        let message = format!("the mixed content of `{name}` is carried as XML text");
        lose(Code::LossMixed, span, message, "mixed");
    }
    for attribute in &complex.attributes {
        found.reaches.push(attribute.ty);
    }
    match &complex.content {
        Content::Empty => {}
        Content::Simple(ty) => found.reaches.push(*ty),
        // The inner XML of mixed content is one text, whatever is in it.
        Content::Particles(_) if complex.mixed => {}
        Content::Particles(particle) => particles(schema, particle, name, found),
    }
}

fn particles(schema: &SchemaSet, particle: &Particle, name: &str, found: &mut Findings) {
    let mut pending = vec![particle];
    while let Some(particle) = pending.pop() {
        if particle.occurs.max == Some(0) {
            continue;
        }
        match &particle.term {
            Term::Element(id) => {
                let declaration = schema.element(*id);
                if is_any_type(schema, declaration.ty) {
                    let element = &declaration.name.local;
                    let message = format!(
                        "`{element}` of `{name}` is anyType: known only by the xsi:type it comes with"
                    );
                    found.reasons.push(
                        Diagnostic::warning(Code::LossAnyType, declaration.span, message)
                            .label("anyType")
                            .help(Code::LossAnyType.fix()),
                    );
                }
                element_types(schema, *id, &mut found.reaches);
            }
            Term::Sequence(inner) | Term::Choice(inner) | Term::All(inner) => {
                pending.extend(inner.iter().rev());
            }
            Term::Any(wildcard) => {
                let message = format!(
                    "what the wildcard of `{name}` lets in is typed where the contract declares it, XML text otherwise"
                );
                found.reasons.push(
                    Diagnostic::warning(Code::LossAny, wildcard.span, message)
                        .label("any")
                        .help("known global elements are typed; others are carried as XML text"),
                );
            }
        }
    }
}

/// `anyType` itself, the only complex type without a base.
fn is_any_type(schema: &SchemaSet, ty: TypeId) -> bool {
    matches!(schema.ty(ty), TypeDefinition::Complex(complex) if complex.base.is_none())
}

/// The type of an element and of all that may stand in for it.
pub(super) fn element_types(schema: &SchemaSet, element: ElementId, into: &mut Vec<TypeId>) {
    into.push(schema.element(element).ty);
    let substitutes = schema.substitutes.get(&element).map_or(&[][..], Vec::as_slice);
    into.extend(substitutes.iter().map(|id| schema.element(*id).ty));
}
