//! Which ports become backends.

use std::collections::{HashMap, HashSet};

use super::words::{identifier, usable_address};
use crate::cli::import::judged::{Judged, Row};
use crate::wsdl::SoapVersion;

/// A port that becomes a backend.
#[derive(Debug)]
pub struct BackendDraft {
    /// Its name in the mapping.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// Index of the port.
    pub port: usize,
    /// Rows of the operations taken from it, in the order of the port.
    pub rows: Vec<usize>,
    /// Other ports that offer nothing else, `Service/Port`.
    pub also_at: Vec<String>,
}

/// One operation wherever it is offered: its name and its messages.
type Key<'j> = (&'j str, &'j crate::xml::QName);

/// The fewest ports that offer everything that can be served, SOAP 1.1 first.
pub fn backends(judged: &Judged, name: &str) -> Vec<BackendDraft> {
    let mut ports: Vec<BackendDraft> = Vec::new();
    for (at, row) in judged.rows.iter().enumerate() {
        let (service, port) = (row.service, row.port);
        let same = ports.last().is_some_and(|p| (p.service, p.port) == (service, port));
        if !same {
            let name = String::new();
            ports.push(BackendDraft { name, service, port, rows: Vec::new(), also_at: Vec::new() });
        }
        // A route can only name the first of several operations of one name.
        let first = |p: &BackendDraft| {
            !p.rows.iter().any(|r| name_of(judged, &judged.rows[*r]) == name_of(judged, row))
        };
        if row.verdict.is_served()
            && let Some(last) = ports.last_mut().filter(|p| first(p))
        {
            last.rows.push(at);
        }
    }
    // A mapping names services and ports without their namespaces: of two that are called
    // the same neither can be meant.
    let mut labels: HashMap<String, usize> = HashMap::new();
    for service in &judged.contract.services {
        for port in &service.ports {
            *labels.entry(format!("{}/{}", service.name.local, port.name)).or_default() += 1;
        }
    }
    let mut order: Vec<usize> = (0..ports.len())
        .filter(|at| {
            let first = ports[*at].rows.first().map(|row| label(judged, &judged.rows[*row]));
            first.is_some_and(|label| labels.get(&label) == Some(&1))
        })
        .collect();
    order.sort_by_key(|at| {
        let row = &judged.rows[ports[*at].rows[0]];
        let port = judged.port(row);
        let usable = usable_address(port.address.as_deref()).is_some();
        (std::cmp::Reverse(ports[*at].rows.len()), !usable, port.version != SoapVersion::V11, *at)
    });
    let mut covered: HashSet<Key<'_>> = HashSet::new();
    let mut chosen: Vec<usize> = Vec::new();
    for at in order {
        let own = |r: &usize| !covered.contains(&key(judged, &judged.rows[*r]));
        let rows: Vec<usize> = ports[at].rows.iter().copied().filter(own).collect();
        if rows.is_empty() {
            let first = &judged.rows[ports[at].rows[0]];
            let label = label(judged, first);
            let shared = key(judged, first);
            let owner = chosen
                .iter()
                .find(|c| ports[**c].rows.iter().any(|r| key(judged, &judged.rows[*r]) == shared));
            if let Some(owner) = owner.copied() {
                ports[owner].also_at.push(label);
            }
            continue;
        }
        covered.extend(rows.iter().map(|r| key(judged, &judged.rows[*r])));
        ports[at].rows = rows;
        chosen.push(at);
    }
    chosen.sort_unstable();
    let mut at = 0;
    ports.retain(|_| {
        at += 1;
        chosen.contains(&(at - 1))
    });
    give_names(judged, name, &mut ports);
    ports
}

fn give_names(judged: &Judged, name: &str, ports: &mut [BackendDraft]) {
    let alone = ports.len() == 1;
    let mut taken = HashSet::new();
    for port in ports {
        let wish = if alone {
            name.to_owned()
        } else {
            let own = &judged.contract.services[port.service].ports[port.port].name;
            format!("{name}-{}", identifier(own))
        };
        port.name = (1..=taken.len() + 1)
            .map(|n| if n == 1 { wish.clone() } else { format!("{wish}-{n}") })
            .find(|name| taken.insert(name.clone()))
            .unwrap_or(wish);
    }
}

fn name_of<'j>(judged: &'j Judged, row: &Row) -> &'j str {
    &judged.operation(row).name
}

fn key<'j>(judged: &'j Judged, row: &Row) -> Key<'j> {
    let operation = judged.operation(row);
    (&operation.name, &operation.input.name)
}

fn label(judged: &Judged, row: &Row) -> String {
    format!("{}/{}", judged.service(row).name.local, judged.port(row).name)
}
