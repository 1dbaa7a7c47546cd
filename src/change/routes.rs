//! The operations of a document.

use serde_json::Value;

/// Methods a path item may have (OpenAPI 3.1, section 4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation.
#[derive(Debug, Clone)]
pub(super) struct Route<'d> {
    pub(super) method: &'d str,
    pub(super) path: &'d str,
    pub(super) operation: &'d Value,
    /// Parameters of all operations of the path.
    pub(super) shared: &'d Value,
}

impl Route<'_> {
    /// `GET /api/v1/orders/{orderId}`
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Whether it answers the same requests: names of parameters do not matter.
    pub(super) fn is_same(&self, other: &Route<'_>) -> bool {
        self.method == other.method && segments(self.path).eq(segments(other.path))
    }

    /// The names of the parameters of its path, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut rest = self.path;
        while let Some((_, tail)) = rest.split_once('{') {
            let Some((name, tail)) = tail.split_once('}') else { break };
            names.push(name);
            rest = tail;
        }
        names
    }
}

/// The segments of a path, parameters without their names.
fn segments(path: &str) -> impl Iterator<Item = String> {
    path.split('/').map(|segment| {
        let mut out = String::new();
        let mut rest = segment;
        while let Some((head, tail)) = rest.split_once('{') {
            out.push_str(head);
            out.push_str("{}");
            rest = tail.split_once('}').map_or("", |(_, tail)| tail);
        }
        out.push_str(rest);
        out
    })
}

/// Every operation, in the order of the document.
pub(super) fn routes(document: &Value) -> Vec<Route<'_>> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&&**method) {
                routes.push(Route { method, path, operation, shared: &item["parameters"] });
            }
        }
    }
    routes
}
