//! The command with `--live`: reads are sent again.

use clap::Args;

use super::super::check::counted;
use super::super::output::{self, Failure, Format, print};
use super::offline::Arguments;
use crate::fixture::{Checked, Drift, Grade, LiveChecked, LiveOptions, LiveVerdict, Store, live};
use crate::mapping::parse_rate;
use crate::reload::Loaded;

/// How real backends are asked.
#[derive(Debug, Args)]
pub struct LiveArguments {
    /// Send the reads to the real backends, and compare what they answer now with the fixtures.
    #[arg(long, conflicts_with_all = ["require_coverage"])]
    live: bool,
    /// Calls in all.
    #[arg(long, value_name = "N", default_value_t = 50, requires = "live")]
    budget: usize,
    /// Calls in a time: `5/s`, `100/min`, `1000/h`.
    #[arg(long, value_name = "RATE", default_value = "5/s", requires = "live")]
    rate: String,
    /// Only this backend; may be given several times.
    #[arg(long, value_name = "NAME", requires = "live")]
    backend: Vec<String>,
}

impl LiveArguments {
    /// Whether backends are asked at all.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// What is to be asked.
    pub fn options<'o>(&'o self, only: &'o [String]) -> Result<LiveOptions<'o>, Failure> {
        let rate = parse_rate(&self.rate).filter(|rate| rate.count > 0);
        let rate = rate.ok_or_else(|| {
            Failure::usage(format!("--rate: `{}` is no rate", self.rate))
                .help("write `5/s` or `100/min`")
        })?;
        let every = rate.per / rate.count;
        Ok(LiveOptions { only, backends: &self.backend, budget: self.budget, every })
    }
}

/// Runs it, and prints what was found.
pub(super) fn run(
    arguments: &Arguments,
    loaded: &Loaded,
    store: &Store,
) -> Result<(Vec<Checked>, u8), Failure> {
    let Some(plan) = &loaded.plan else {
        return Err(Failure::new("the mappings have problems").help("`figleaf check` shows them"));
    };
    let options = arguments.live.options(&arguments.only)?;
    let known = |name: &&String| !plan.backends.iter().any(|backend| backend.name == **name);
    if let Some(unknown) = arguments.live.backend.iter().find(known) {
        return Err(Failure::usage(format!("--backend: there is no `{unknown}`")));
    }
    let bar = super::offline::bar();
    let heard = &mut |checked: &LiveChecked, count: usize| {
        bar.set_length(count as u64);
        bar.set_message(checked.name.clone());
        bar.inc(1);
    };
    let (checked, problems) = live(plan, loaded, store, options, heard).map_err(Failure::new)?;
    bar.finish_and_clear();
    for problem in &problems {
        output::note(&problem.to_string());
    }
    match arguments.format {
        Format::Human => print(&text(&checked)),
        Format::Json => {
            let text = serde_json::to_string_pretty(&checked).unwrap_or_default();
            print(&format!("{text}\n"));
        }
    }
    let is_sent = |c: &LiveChecked| !matches!(c.verdict, LiveVerdict::NotChecked(_));
    let is_error = checked.iter().any(|c| c.worst() == Some(Grade::Error));
    let code = match (is_error || !problems.is_empty(), checked.iter().any(is_sent)) {
        (true, _) => 1,
        (false, true) => 0,
        (false, false) => super::offline::NOT_ENOUGH,
    };
    Ok((checked.iter().map(as_checked).collect(), code))
}

fn text(all: &[LiveChecked]) -> String {
    let mut text = String::new();
    for checked in all {
        let (word, lines) = match &checked.verdict {
            LiveVerdict::Same => ("same", Vec::new()),
            LiveVerdict::Drifted(drifts) => ("DRIFT", drifts.iter().map(line).collect()),
            LiveVerdict::Failed(why) => ("FAILED", vec![why.clone()]),
            LiveVerdict::NotChecked(why) => ("-", vec![format!("not checked: {why}")]),
        };
        text.push_str(&format!("{word:<6} {}\n", checked.name));
        text.extend(lines.into_iter().map(|line| format!("         {line}\n")));
    }
    text + "\n" + &summary(all) + "\n"
}

fn line(drift: &Drift) -> String {
    format!("{}: {} {}", drift.grade.name(), drift.path, drift.what)
}

fn summary(all: &[LiveChecked]) -> String {
    let count = |fits: &dyn Fn(&LiveVerdict) -> bool| {
        all.iter().filter(|checked| fits(&checked.verdict)).count()
    };
    let same = count(&|verdict| *verdict == LiveVerdict::Same);
    let drifted = count(&|verdict| matches!(verdict, LiveVerdict::Drifted(_)));
    let failed = count(&|verdict| matches!(verdict, LiveVerdict::Failed(_)));
    let left = count(&|verdict| matches!(verdict, LiveVerdict::NotChecked(_)));
    let graded = |grade: Grade| all.iter().filter(|checked| checked.worst() == Some(grade)).count();
    format!(
        "{}: {same} the same, {drifted} drifted, {failed} failed, {left} not checked; at worst \
         {} error, {} warning, {} info",
        counted(all.len(), "fixture"),
        graded(Grade::Error),
        graded(Grade::Warning),
        graded(Grade::Info),
    )
}

/// As a result of a check, for `JUnit`.
fn as_checked(live: &LiveChecked) -> Checked {
    let mut checked = Checked::new(live.name.clone());
    match &live.verdict {
        LiveVerdict::Same => {}
        LiveVerdict::Failed(why) => checked.failed(why.clone(), Vec::new()),
        LiveVerdict::NotChecked(why) => checked.skipped = Some(why.clone()),
        LiveVerdict::Drifted(drifts) => {
            let (errors, rest): (Vec<_>, Vec<_>) =
                drifts.iter().partition(|drift| drift.grade == Grade::Error);
            checked.notes = rest.into_iter().map(line).collect();
            if !errors.is_empty() {
                let message = "the backend answers otherwise than it was recorded".to_owned();
                checked.failed(message, errors.into_iter().map(line).collect());
            }
        }
    }
    checked
}
