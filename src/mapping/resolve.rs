//! `extends`: which routes a version has in the end, and whether any two are the same.

use std::collections::HashMap;

use super::document::Version;
use super::route::Target;
use super::set::{ApiVersion, EffectiveRoute};
use crate::diagnostic::{Code, Diagnostic, Report, Span};

/// Replaces the routes of every version by its effective ones.
pub(super) fn resolve(versions: &mut [ApiVersion], report: &mut Report) {
    for version in versions.iter_mut() {
        drop_repeats(version, report);
    }
    let bases: Vec<Option<usize>> =
        (0..versions.len()).map(|at| base(versions, at, report)).collect();
    for at in order(versions, &bases, report) {
        let inherited = bases[at].map(|base| inherited(&versions[base]));
        // Routes taken over must not open by being taken over.
        if versions[at].auth.is_none() {
            versions[at].auth = bases[at].and_then(|base| versions[base].auth.clone());
        }
        overlay(&mut versions[at], inherited, report);
    }
    collisions(versions, report);
}

/// The routes a version hands on.
fn inherited(base: &ApiVersion) -> Vec<EffectiveRoute> {
    let from = |route: &EffectiveRoute| Some(route.inherited.unwrap_or(base.version.value));
    base.routes
        .iter()
        .map(|route| EffectiveRoute { route: route.route.clone(), inherited: from(route) })
        .collect()
}

/// Within one version a shape stands once; the first stays.
fn drop_repeats(version: &mut ApiVersion, report: &mut Report) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    version.routes.retain(|effective| {
        let key = &effective.route.key;
        let Some(first) = seen.get(&key.shape()) else {
            seen.insert(key.shape(), key.span);
            return true;
        };
        collision(&key.text, key.span, *first, report);
        false
    });
}

fn collision(key: &str, span: Span, first: Span, report: &mut Report) {
    let message = format!("`{key}` answers the same requests as another route");
    report.push(
        Diagnostic::error(Code::MappingCollision, span, message)
            .label("again")
            .note(first, "first here")
            .help("names of parameters do not tell routes apart; change the method or the path"),
    );
}

/// The index of the version that is extended.
fn base(versions: &[ApiVersion], at: usize, report: &mut Report) -> Option<usize> {
    let version = versions.get(at)?;
    let wanted = version.extends?;
    let of_api = || versions.iter().enumerate().filter(|(_, v)| v.api.value == version.api.value);
    if let Some((base, _)) = of_api().find(|(_, v)| v.version.value == wanted.value) {
        return Some(base);
    }
    let others: Vec<String> = of_api()
        .filter(|(other, _)| *other != at)
        .map(|(_, v)| format!("`{}`", v.version.value))
        .collect();
    let message = format!("`{}` has no version `{}` to extend", version.api.value, wanted.value);
    let help = if others.is_empty() {
        "no other version of it is in the mappings".to_owned()
    } else {
        format!("there is {}", others.join(", "))
    };
    report.push(Diagnostic::error(Code::MappingVersion, wanted.span, message).help(help));
    None
}

/// Bases before those that extend them; versions that extend one another in a circle are
/// reported and left as they are.
fn order(versions: &[ApiVersion], bases: &[Option<usize>], report: &mut Report) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(versions.len());
    let mut done = vec![false; versions.len()];
    loop {
        let before = order.len();
        for at in 0..versions.len() {
            let ready = bases[at].is_none_or(|base| done[base]);
            if !done[at] && ready {
                done[at] = true;
                order.push(at);
            }
        }
        if order.len() == before {
            break;
        }
    }
    for (at, version) in versions.iter().enumerate().filter(|(at, _)| !done[*at]) {
        let Some(extends) = version.extends.filter(|_| in_circle(at, bases)) else { continue };
        let message = format!("`{}` extends itself in the end", version.version.value);
        report.push(
            Diagnostic::error(Code::MappingVersion, extends.span, message)
                .help("extend an older version, and none that extends this one"),
        );
    }
    order
}

fn in_circle(start: usize, bases: &[Option<usize>]) -> bool {
    let mut at = bases[start];
    for _ in 0..bases.len() {
        match at {
            Some(here) if here == start => return true,
            Some(here) => at = bases[here],
            None => return false,
        }
    }
    false
}

/// Lays a version's own routes over those it takes over.
fn overlay(version: &mut ApiVersion, inherited: Option<Vec<EffectiveRoute>>, report: &mut Report) {
    let own = std::mem::take(&mut version.routes);
    let extends = version.extends.is_some();
    // A base that does not exist is reported already; what is removed cannot be judged.
    let judged = inherited.is_some() || !extends;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut routes: Vec<Option<EffectiveRoute>> = Vec::new();
    for route in inherited.unwrap_or_default() {
        places.insert(route.route.key.shape(), routes.len());
        routes.push(Some(route));
    }
    for route in own {
        let removed = matches!(route.route.target, Some(Target::Removed(_)));
        let place = places.get(&route.route.key.shape()).copied();
        match place {
            Some(place) if removed => routes[place] = None,
            Some(place) => routes[place] = Some(route),
            None if !removed => routes.push(Some(route)),
            None if judged => removes_nothing(&route, extends, report),
            None => {}
        }
    }
    version.routes = routes.into_iter().flatten().collect();
}

fn removes_nothing(route: &EffectiveRoute, extends: bool, report: &mut Report) {
    let message = format!("`{}` removes nothing", route.route.key.text);
    let help = if extends {
        "the version extended has no such route"
    } else {
        "`removed` needs `extends`"
    };
    report.push(Diagnostic::error(Code::MappingValue, route.route.key.span, message).help(help));
}

/// APIs share the prefix of their version, so their routes must not be the same either.
fn collisions(versions: &[ApiVersion], report: &mut Report) {
    let mut seen: HashMap<(Version, String), Span> = HashMap::new();
    for version in versions {
        for effective in &version.routes {
            let key = &effective.route.key;
            match seen.get(&(version.version.value, key.shape())) {
                Some(first) => collision(&key.text, key.span, *first, report),
                None => {
                    seen.insert((version.version.value, key.shape()), key.span);
                }
            }
        }
    }
}
