//! What the demo says first.

use std::net::SocketAddr;

use super::place::Folder;
use crate::cli::sourced::SourceArguments;

/// Where everything is.
pub(super) struct Welcome<'w> {
    /// The facade.
    pub facade: SocketAddr,
    /// The operators' console.
    pub console: Option<SocketAddr>,
    /// The legacy system and its successor; `None` where recordings answer.
    pub systems: Option<(SocketAddr, SocketAddr)>,
    /// Recordings.
    pub sourced: &'w SourceArguments,
    /// The folder of the mappings.
    pub folder: &'w Folder,
    /// Where the state of migrations is.
    pub state: &'w str,
}

impl Welcome<'_> {
    /// The whole text.
    pub fn text(&self) -> String {
        let base = format!("http://{}", self.facade);
        format!("{}{}{}\nCtrl-C stops.\n", self.addresses(&base), calls(&base), self.moving(&base))
    }

    fn addresses(&self, base: &str) -> String {
        let fixtures = self.sourced.fixtures.display();
        let systems = match self.systems {
            Some((legacy, next)) => {
                format!("http://{legacy}/shop?wsdl\nIts successor            http://{next}")
            }
            None => "not started, nor its database: the recordings answer".to_owned(),
        };
        let recordings = match (self.sourced.record, self.sourced.replay) {
            (Some(_), _) => format!("Recorded into            {fixtures}/\n"),
            (_, Some(_)) => format!("Recordings               {fixtures}/\n"),
            _ => String::new(),
        };
        let console = match self.console {
            Some(console) => format!("Operators' console       http://{console}\n"),
            None => String::new(),
        };
        format!(
            "The legacy SOAP system   {systems}\n\
             {recordings}\
             The facade               {base}/api/v1\n\
             Documentation            {base}/docs/\n\
             OpenAPI                  {base}/openapi.json\n\
             {console}"
        )
    }

    /// How to take the legacy system away.
    fn moving(&self, base: &str) -> String {
        if self.systems.is_none() {
            return String::new();
        }
        format!(
            "\n\
             Strangle it: the routes of v3 are on their way to the successor.\n\
             \n\
             # asked of both, answered by the old one, compared on the side\n\
             for i in $(seq 60); do curl -so /dev/null {base}/api/v3/customers/00018; done\n\
             \n\
             # the successor fails one time in twenty, and answers half of the customers: it goes back\n\
             for i in $(seq 60); do curl -so /dev/null {base}/api/v3/customers/000$((17 + i % 9))/balance; done\n\
             \n\
             # how far every route is, and one of them moved; in another terminal\n\
             cd {folder}\n\
             export FIGLEAF_STATE={state}\n\
             figleaf status\n\
             figleaf stage 'GET /api/v3/customers/{{customerId}}' 'canary 10%' --reason 'shadow is clean'\n",
            folder = self.folder.path().display(),
            state = self.state,
        )
    }
}

fn calls(base: &str) -> String {
    format!(
        "\n\
         Try:\n\
         \n\
         # a typed read: exact decimals, dates as they came, arrays always arrays\n\
         curl -s {base}/api/v1/orders/42\n\
         \n\
         # a search with a query; nothing found is []\n\
         curl -s '{base}/api/v1/orders?customer=00017&limit=2'\n\
         \n\
         # a polymorphic answer: the type says which kind of customer\n\
         curl -s {base}/api/v1/customers/00018\n\
         \n\
         # a write\n\
         curl -s -X POST {base}/api/v1/orders/44/cancel -H 'Content-Type: application/json' -d '{{\"reason\":\"CUSTOMER_REQUEST\"}}'\n\
         \n\
         # a SOAP fault as a problem\n\
         curl -s {base}/api/v1/orders/999\n\
         \n\
         # a page of the old database; the next one is in the Link header\n\
         curl -si '{base}/api/v1/invoices?customer=00018&limit=3'\n\
         \n\
         # one resource, two sources: SOAP and SQL in one answer\n\
         curl -s {base}/api/v1/customers/00018/overview\n"
    )
}
