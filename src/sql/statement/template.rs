//! A statement with everything that may be chosen about it.

use std::ops::Range;

use super::assemble::{Texts, assemble, origins};
use super::choice::{Assembled, Choice, PageChoice};
use super::effect::{Effect, outline};
use super::lexer::lex;
use super::pieces::{Parameters, Piece, cut};
use super::rules;
use super::{Part, Parts, StatementProblem};
use crate::sql::Dialect;

/// Bytes of assembled texts a statement keeps; others are assembled at each call.
const READY_BYTES_MAX: usize = 4 << 20;

/// A statement of a mapping: its text, its named parameters, its filters and orders. All of
/// it is text of the mapping; callers choose among its parts and send values beside it.
#[derive(Debug, Clone)]
pub struct Statement {
    texts: Texts,
    effect: Effect,
    parameters: Vec<String>,
    places: Vec<(Part, Range<usize>)>,
    /// Indexes of parameters of the base, then of each filter.
    uses: Vec<Vec<u16>>,
    /// What needs no filter: for each order, one of each page.
    ready: Vec<Assembled>,
}

impl Statement {
    /// Reads the texts; all that is wrong with them is found at once.
    ///
    /// Texts are 1 MiB together at most, with 500 parameters, 64 filters and 64 orders. A
    /// statement that writes has neither filters nor orders.
    pub fn new(dialect: Dialect, parts: &Parts<'_>) -> Result<Self, Vec<StatementProblem>> {
        let mut problems = rules::sizes(parts);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut parameters = Parameters::default();
        let lexed = lex(dialect, Part::Base, parts.base);
        problems.extend(lexed.problems.iter().cloned());
        problems.extend(rules::base(parts.base, &lexed));
        let base = cut(Part::Base, parts.base, &lexed, &mut parameters);
        let base = base.map_err(|problem| problems.push(problem)).unwrap_or_default();
        let outline = outline(dialect, parts.base, &lexed.tokens);
        if problems.is_empty() {
            problems = rules::together(parts, &outline, base.contains(&Piece::Filters));
        }
        let mut filters = Vec::new();
        for (index, text) in parts.filters.iter().enumerate() {
            let part = Part::Filter(index);
            let lexed = lex(dialect, part, text);
            problems.extend(rules::filter(index, text, &lexed));
            match cut(part, text, &lexed, &mut parameters) {
                Ok(pieces) => filters.push(pieces),
                Err(problem) => problems.push(problem),
            }
            problems.extend(lexed.problems);
        }
        let casts = casts(dialect, parts, &parameters, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let effect = outline.effect;
        let wraps = effect == Effect::Queries;
        let ordered = outline.order.is_some() && outline.limit.is_none();
        let sorts = parts.sorts.clone();
        let texts = Texts { dialect, base, filters, sorts, casts, wraps, ordered };
        let uses = std::iter::once(&texts.base).chain(&texts.filters).map(|p| uses(p)).collect();
        let Parameters { names: parameters, places, .. } = parameters;
        let ready = ready(&texts);
        Ok(Self { texts, effect, parameters, places, uses, ready })
    }

    /// What it is written for.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.texts.dialect
    }

    /// Names of its parameters, each once: those of the base first, then those of filters.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Indexes of the parameters a text uses, each once. Orders have none.
    #[must_use]
    pub fn parameters_of(&self, part: Part) -> &[u16] {
        let index = match part {
            Part::Base => 0,
            Part::Filter(index) => index.saturating_add(1),
            Part::Sort(_) => return &[],
        };
        self.uses.get(index).map_or(&[], Vec::as_slice)
    }

    /// Where a parameter stands first: for diagnostics.
    #[must_use]
    pub fn place_of(&self, parameter: usize) -> Option<(Part, Range<usize>)> {
        self.places.get(parameter).cloned()
    }

    /// Whether its words say that it may change something: its verb is anything but SELECT,
    /// VALUES, TABLE, SHOW and a WITH of those alone, or it locks rows or makes a table.
    /// What the functions in it do is not known here.
    #[must_use]
    pub fn writes(&self) -> bool {
        matches!(self.effect, Effect::Writes | Effect::Locks)
    }

    /// Whether it can be cut into pages and counted: it is a query that locks nothing. Of
    /// other statements every page is the whole.
    #[must_use]
    pub fn pages(&self) -> bool {
        self.texts.wraps
    }

    /// The statement as it is sent. An order that is not there is the first one.
    #[must_use]
    pub fn assemble(&self, choice: Choice) -> Assembled {
        let all = u64::MAX.checked_shr(64 - u32::try_from(self.texts.filters.len()).unwrap_or(64));
        if choice.filters & all.unwrap_or(0) == 0 {
            let sort = if choice.sort < self.texts.sorts.len() { choice.sort } else { 0 };
            let ready = self.ready.get(sort * PageChoice::ALL.len() + choice.page as usize);
            if let Some(ready) = ready {
                return ready.clone();
            }
        }
        assemble(&self.texts, choice)
    }

    /// The text and the byte in it that became a byte of an assembled statement. A byte of a
    /// placeholder came from the colon of its parameter, a column of an order from the start
    /// of that order; what is written between the texts came from none.
    #[must_use]
    pub fn locate(&self, choice: Choice, offset: usize) -> Option<(Part, usize)> {
        let (origins, length) = origins(&self.texts, choice);
        let index = origins.partition_point(|origin| origin.at <= offset).checked_sub(1)?;
        let origin = origins.get(index).filter(|_| offset < length)?;
        let (part, at) = origin.source?;
        Some((part, if origin.verbatim { at + offset - origin.at } else { at }))
    }
}

/// Types by parameter. Those of SQLite are no text of the statement.
fn casts(
    dialect: Dialect,
    parts: &Parts<'_>,
    parameters: &Parameters,
    problems: &mut Vec<StatementProblem>,
) -> Vec<Option<Box<str>>> {
    let mut casts = vec![None; parameters.names.len()];
    for (name, ty) in &parts.casts {
        let Some(index) = parameters.find(name).map(usize::from) else {
            let message = format!("there is no parameter `:{name}` to be of type `{ty}`");
            let help = "remove the type, or use the parameter";
            problems.push(StatementProblem::new(Part::Base, 0..0, message, help));
            continue;
        };
        if dialect == Dialect::Sqlite {
            continue;
        }
        if rules::is_type(ty) {
            casts[index] = Some(ty.trim().into());
        } else {
            let (part, range) = parameters.places[index].clone();
            let message = format!("`{ty}` cannot be the type of `:{name}`");
            let help = "write the name of a type, as in `date`, `numeric(12,3)` or `int[]`";
            problems.push(StatementProblem::new(part, range, message, help));
        }
    }
    casts
}

fn uses(pieces: &[Piece]) -> Vec<u16> {
    let mut uses = Vec::new();
    for piece in pieces {
        if let Piece::Parameter { index, .. } = piece
            && !uses.contains(index)
        {
            uses.push(*index);
        }
    }
    uses
}

/// Every order and page without filters, as far as they are not too much to keep.
fn ready(texts: &Texts) -> Vec<Assembled> {
    let mut ready = Vec::new();
    let mut bytes = 0;
    for sort in 0..texts.sorts.len().max(1) {
        for page in PageChoice::ALL {
            let assembled = assemble(texts, Choice { filters: 0, sort, page });
            bytes += assembled.text.len();
            if bytes > READY_BYTES_MAX {
                return ready;
            }
            ready.push(assembled);
        }
    }
    ready
}
