//! A headless Chromium, driven over the `WebDriver` protocol by plain HTTP.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Once;

use base64::Engine;
use serde_json::{Value, json};

use crate::rig::{client, eventually};

/// What `WebDriver` calls the member of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window; it ends when dropped.
pub struct Browser {
    driver: Child,
    // Kept open: the driver ends when it cannot say anything.
    _said: BufReader<ChildStdout>,
    session: String,
}

impl Browser {
    /// Starts one, where there is one.
    pub async fn start() -> Option<Self> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = started else {
            absent();
            return None;
        };
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).unwrap() > 0, "chromedriver ended");
            if let Some((_, rest)) = line.split_once("successfully on port ") {
                break rest.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned();
            }
        };
        // A folder of its own to keep its things in; root has no sandbox.
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-proxy-server",
            "--window-size=1280,1000",
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": { "browser": "ALL" }, "goog:chromeOptions": { "args": arguments },
        } } });
        let base = format!("http://127.0.0.1:{port}/session");
        let mut browser = Self { driver, _said: said, session: base };
        let begun = browser.ask("POST", "", &wanted).await;
        let id = begun["sessionId"].as_str().unwrap_or_else(|| panic!("{begun}"));
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    /// One command; its value.
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let mut request = client().request(method.parse().unwrap(), &url);
        if method == "POST" {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert!(status.is_success(), "{method} {path}: {text}");
        json["value"].clone()
    }

    pub async fn open(&self, url: &str) {
        self.ask("POST", "/url", &json!({ "url": url })).await;
    }

    async fn element(&self, selector: &str) -> String {
        let found = json!({ "using": "css selector", "value": selector });
        let element = self.ask("POST", "/element", &found).await;
        element[ELEMENT].as_str().unwrap().to_owned()
    }

    pub async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.ask("POST", &format!("/element/{element}/click"), &json!({})).await;
    }

    pub async fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        let path = format!("/element/{element}/value");
        self.ask("POST", &path, &json!({ "text": text })).await;
    }

    /// Waits until somebody reads this there: a form leads to another page, in its time.
    pub async fn reads(&self, selector: &str, expected: &str) {
        let script = format!(
            "(e => e ? e.innerText : '')(document.querySelector({}))",
            Value::from(selector)
        );
        let what = format!("{selector} reads {expected}");
        eventually(&what, async || {
            self.evaluate(&script).await.as_str().is_some_and(|text| text.contains(expected))
        })
        .await;
    }

    /// The value of an expression; the page itself has no script.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let script = json!({ "script": format!("return {expression}"), "args": [] });
        self.ask("POST", "/execute/sync", &script).await
    }

    /// What the browser complained of: a policy that was broken, a file that was not there.
    pub async fn complaints(&self) -> Value {
        self.ask("POST", "/se/log", &json!({ "type": "browser" })).await
    }

    /// A command of Chromium's own protocol.
    pub async fn command(&self, name: &str, parameters: &Value) -> Value {
        let command = json!({ "cmd": name, "params": parameters });
        self.ask("POST", "/goog/cdp/execute", &command).await
    }

    /// A window of another width, and whether the system prefers dark.
    pub async fn display(&self, width: u32, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.command("Emulation.setEmulatedMedia", &media).await;
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", &metrics).await;
    }

    /// The whole page as it looks, into the file that the variable `FIGLEAF_SCREENSHOTS` names a
    /// folder for.
    pub async fn look(&self, name: &str) {
        let Some(folder) = std::env::var_os("FIGLEAF_SCREENSHOTS") else { return };
        let whole = json!({ "captureBeyondViewport": true });
        let shot = self.command("Page.captureScreenshot", &whole).await;
        let shot = shot["data"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot);
        std::fs::write(std::path::Path::new(&folder).join(name), bytes.unwrap()).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes its browser with it when it is asked to end, and only then.
        let id = self.driver.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &id]).status();
        let _ = self.driver.wait();
    }
}

/// Says so, once, past the capturing of output; or fails.
fn absent() {
    static SAID: Once = Once::new();
    let required = std::env::var("FIGLEAF_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(!required, "FIGLEAF_REQUIRE_BROWSER is set and there is no chromedriver");
    let line = "\nNOT RUN: the console in a browser, since this machine has no chromedriver \
                (scripts/test installs it)\n";
    SAID.call_once(|| drop(std::io::stderr().write_all(line.as_bytes())));
}
