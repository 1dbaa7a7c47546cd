//! The commands of the strangler, as a person runs them: the binary itself, on a store that
//! servers share.

mod audit;
mod compare;
mod export;
mod moving;
mod several;
mod story;
mod top_up;

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use figleaf::store::{Count, Store};
use tempfile::TempDir;

use crate::rig::{Facade, LegacyShop, Output, Serving, figleaf, project};

pub const ORDER: &str = "GET /api/v1/orders/{orderId}";
pub const STOCK: &str = "GET /api/v1/stock/{articleNumber}";
pub const CANCEL: &str = "POST /api/v1/orders/{orderId}/cancel";

/// Three routes on their way: a read in shadow, a read that has not begun, a write.
pub const MAPPING: &str = r#"figleaf: 1
api: shop
version: v1

backends:
  shop:
    soap: ../wsdl/shop/OrderService.wsdl
    service: OrderService
    port: OrderServiceSoap11
    url: ${SHOP_URL}
  modern: { http: "${MODERN_URL}" }

gate: { match_rate: 90%, shapes: 1, span: 1s, times: 1 }

routes:
  GET /orders/{orderId}:
    soap: shop.GetOrder
    returns: order
    faults: { OrderNotFound: { status: 404, title: Order not found } }
    # the modern shop
    candidate: { http: modern, path: "/api/v1/orders/{orderId}" }
    stage: shadow           # since spring
    canary: { steps: [5%, 50%], key: [path.orderId] }
    compare:
      rules:
        orderId: { critical: true }
        placedAt: { time: true }
  GET /stock/{articleNumber}:
    soap: shop.CheckStock
    candidate:
      http: modern
      path: "/api/v1/stock/{articleNumber}"
    canary: { steps: [5%], key: [path.articleNumber] }
  POST /orders/{orderId}/cancel:
    soap: shop.CancelOrder
    candidate: { http: modern, path: "/api/v1/orders/{orderId}/cancel" }
"#;

/// A project folder with a store, and where its backends are.
pub struct Project {
    pub folder: TempDir,
    pub state: String,
    variables: Vec<(&'static str, String)>,
}

impl Project {
    /// With backends nobody asks.
    pub fn quiet(mapping: &str) -> Self {
        Self::of(mapping, ("http://127.0.0.1:9/shop", "http://127.0.0.1:9"))
    }

    pub fn of(mapping: &str, (shop, modern): (&str, &str)) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("mappings")).unwrap();
        std::fs::write(folder.path().join("mappings/shop.yaml"), mapping).unwrap();
        symlink(project("wsdl"), folder.path().join("wsdl")).unwrap();
        symlink(project("fixtures"), folder.path().join("fixtures")).unwrap();
        let state = folder.path().join("state.db").display().to_string();
        let variables = vec![("SHOP_URL", shop.to_owned()), ("MODERN_URL", modern.to_owned())];
        Self { folder, state, variables }
    }

    pub fn mapping(&self) -> PathBuf {
        self.folder.path().join("mappings/shop.yaml")
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let state = [("FIGLEAF_STATE", self.state.as_str()), ("FIGLEAF_ACTOR", "ada")];
        let own = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let variables: Vec<(&str, &str)> = own.chain(state).collect();
        figleaf(self.folder.path(), arguments, &variables)
    }

    /// Runs it, and gives what it printed where it ended so.
    #[track_caller]
    pub fn says(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.code, code, "{arguments:?}: {}{}", output.stdout, output.stderr);
        output.stdout + &output.stderr
    }

    pub fn serve(&self) -> Serving {
        let own = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let state = [("FIGLEAF_STATE", self.state.as_str()), ("FIGLEAF_LOG", "warn")];
        let variables: Vec<(&str, &str)> = own.chain(state).collect();
        Serving::start(self.folder.path(), &["--workers", "1", "--console", "off"], &variables)
    }

    /// The store, made where it is not there.
    pub fn store(&self) -> Store {
        self.blocking(Store::open(&self.state)).unwrap()
    }

    pub fn blocking<T>(&self, work: impl Future<Output = T>) -> T {
        let _ = &self.state;
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// Evidence that opens every gate, as an instance counted it in two minutes.
    pub fn good_evidence(&self, route: &str) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let minute = now.as_secs() / 60;
        self.blocking(async {
            let store = Store::open(&self.state).await.unwrap();
            let stages = store.stages().await.unwrap();
            let epoch = stages.iter().find(|record| record.route == route).unwrap().epoch;
            let names = [
                ("compared", 4_000),
                ("compared.class.2", 4_000),
                ("leaves", 40_000),
                ("legacy.requests", 4_000),
                ("legacy.callers", 4_000),
                ("legacy.class.2", 4_000),
                ("legacy.took.20", 4_000),
                ("candidate.requests", 4_000),
                ("candidate.took.20", 4_000),
            ];
            let count = |(name, value): (&str, u64), minute| Count {
                route: route.to_owned(),
                minute,
                name: format!("{epoch}:{name}"),
                value,
            };
            let counts: Vec<Count> = names
                .iter()
                .flat_map(|pair| [count(*pair, minute - 2), count(*pair, minute - 1)])
                .collect();
            store.put_counts("a test", &counts).await.unwrap();
            store.put_shapes(&format!("{epoch}:{route}"), ["GET"]).await.unwrap();
        });
    }
}

/// A real legacy shop, a real modern service before another one, and a project between them.
pub struct Both {
    pub project: Project,
    pub shop: LegacyShop,
    pub modern: Facade,
}

impl Both {
    pub fn of(mapping: &str) -> Self {
        let shop = LegacyShop::open();
        // The same orders over a facade of its own: a service that answers alike.
        let modern = Facade::shop(&shop.url);
        let project = Project::of(mapping, (&shop.url, &modern.url("")));
        Self { project, shop, modern }
    }
}

/// What differs from run to run, named.
pub fn steady(text: &str) -> String {
    let times = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    let text = times.replace_all(text, "0000-00-00T00:00:00Z");
    let millis = regex::Regex::new(r"after \d+ ms").unwrap();
    millis.replace_all(&text, "after <n> ms").into_owned()
}
