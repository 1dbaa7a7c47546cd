//! Routes that are a modern service's.

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::mapping::{Input, Piece, RouteKey, Segment, Source, Spanned, Template};
use crate::plan::{HttpCall, HttpPiece, Translator};

impl Compiler<'_> {
    pub(super) fn http(
        &mut self,
        key: &RouteKey,
        backend: &Spanned<String>,
        path: Option<&Spanned<Template>>,
        query: &[Input],
    ) -> Option<Translator> {
        let (_, id) = self.named_backend(backend, "http")?;
        let parameters: Vec<String> = key.parameters().map(|p| p.value.to_owned()).collect();
        let pieces = match path {
            Some(template) => {
                let pieces = self.pieces(template, &parameters);
                self.unused(key, &pieces);
                pieces
            }
            None => own_path(key),
        };
        let query = query
            .iter()
            .filter_map(|input| match &input.source.value {
                Source::Query(supplied) => {
                    Some((input.target.value.text.clone(), supplied.name.value.clone()))
                }
                _ => {
                    self.report.push(
                        Diagnostic::error(
                            Code::MappingValue,
                            input.source.span,
                            "only `query.name` can feed a query parameter here",
                        )
                        .help("put path parameters into `path:`"),
                    );
                    None
                }
            })
            .collect();
        Some(Translator::Http(HttpCall { backend: id, path: pieces, query, parameters }))
    }

    /// A parameter that is not passed on makes different requests the same one.
    fn unused(&mut self, key: &RouteKey, pieces: &[HttpPiece]) {
        for parameter in key.parameters() {
            let name = parameter.value;
            if pieces.iter().any(|p| matches!(p, HttpPiece::Parameter(used) if used == name)) {
                continue;
            }
            let message = format!("`{name}` feeds nothing: `path:` does not have it");
            let code = Code::MappingParameterUnbound;
            self.report.push(
                Diagnostic::error(code, parameter.span, message)
                    .help(format!("put `{{{name}}}` into `path:`")),
            );
        }
    }

    fn pieces(&mut self, template: &Spanned<Template>, parameters: &[String]) -> Vec<HttpPiece> {
        let mut pieces = Vec::new();
        for piece in &template.value.pieces {
            match &piece.value {
                Piece::Literal(text) => pieces.push(HttpPiece::Literal(text.clone())),
                Piece::Member(name) if parameters.contains(name) => {
                    pieces.push(HttpPiece::Parameter(name.clone()));
                }
                Piece::Member(name) => {
                    let message = format!("the route's path has no parameter `{name}`");
                    let near = did_you_mean(name, parameters.iter().map(String::as_str));
                    let mut d = Diagnostic::error(Code::MappingMemberUnknown, piece.span, message);
                    if let Some(near) = near {
                        d = d.help(format!("did you mean `{near}`?"));
                    }
                    self.report.push(d);
                }
            }
        }
        pieces
    }
}

fn own_path(key: &RouteKey) -> Vec<HttpPiece> {
    let mut pieces = Vec::new();
    for segment in &key.segments {
        pieces.push(HttpPiece::Literal("/".to_owned()));
        pieces.push(match &segment.value {
            Segment::Literal(text) => HttpPiece::Literal(text.clone()),
            Segment::Parameter(name) => HttpPiece::Parameter(name.clone()),
        });
    }
    pieces
}
