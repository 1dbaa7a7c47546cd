//! The steps of importing a database, in order.

use super::super::Arguments;
use super::super::run::{Done, Stop};
use super::super::show::style;
use super::address::Address;
use super::place::Place;
use super::show;
use crate::cli::output::{Failure, Format};
use crate::database::catalog;

/// Reads a database's catalog and proposes a mapping.
///
/// # Errors
/// Where the database cannot be asked, or the files cannot be written; nothing is changed then.
pub fn import(arguments: &Arguments) -> Result<Done, Box<Stop>> {
    only_databases(arguments)?;
    let address = Address::new(&arguments.source)?;
    let place = Place::of(arguments, &address)?;
    let catalog = catalog(&address.plan(arguments)).map_err(|why| {
        Failure::new(format!("`{}` cannot be read: {why}", address.shown))
            .help("check the address, the password and the privileges of the role")
    })?;
    let proposal = place.propose(&catalog, &address);
    let mut text = match arguments.format {
        Format::Json => show::json(&proposal),
        Format::Human => show::table(&proposal, style()),
    };
    let served = proposal.serves_anything();
    let said = match (served, arguments.dry_run) {
        (false, _) => "Nothing was written: nothing of it can be served.\n".to_owned(),
        (true, true) => String::new(),
        (true, false) => place.install(&catalog, &address, &proposal)?,
    };
    if arguments.format == Format::Human && !said.is_empty() {
        text.push('\n');
        text.push_str(&said);
    }
    Ok(Done { code: u8::from(!served), text })
}

/// Options that say something about a contract say nothing about a database.
fn only_databases(arguments: &Arguments) -> Result<(), Failure> {
    let given = [
        ("--catalog", arguments.catalog.is_some()),
        ("--service", arguments.service.is_some()),
        ("--port", arguments.port.is_some()),
        ("--header", !arguments.headers.is_empty()),
        ("--allow-host", !arguments.allow_hosts.is_empty()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => {
            Err(Failure::usage(format!("{option} is of contracts, not databases"))
                .help(format!("leave {option} out")))
        }
        None => Ok(()),
    }
}
