//! Executes the README: its `sh` blocks in order in one empty folder, its `yaml` blocks
//! written where their first line says.
//!
//! A line with `$ ` is a command, the lines after it what it prints: `…` is any text, on a
//! line of its own any lines. `figleaf … &` stays running until the end; ports of the page
//! are mapped to free ones. `curl` is understood here, so that no machine needs it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use regex::Regex;

#[test]
fn the_readme_is_true() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let mut session = Session::new();
    for block in blocks(&page) {
        match block.language {
            "sh" => session.commands(&block.lines),
            "yaml" => session.file(&block.lines),
            // `src/lib.rs` makes a test of the documentation of it.
            "text" | "rust" => {}
            other => panic!("a block of the README is of no known kind: `{other}`"),
        }
    }
    assert!(session.ran >= 8, "only {} commands were found", session.ran);
}

struct Block<'p> {
    language: &'p str,
    lines: Vec<&'p str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some(Block { language, lines: Vec::new() }),
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.lines.push(line);
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The folder, what runs in it, and which port of the page is which.
struct Session {
    folder: tempfile::TempDir,
    running: Vec<Child>,
    /// Port of the page → port in use.
    ports: HashMap<String, String>,
    ran: usize,
}

impl Session {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, running: Vec::new(), ports: HashMap::new(), ran: 0 }
    }

    /// Writes a file whose path is the comment on its first line.
    fn file(&mut self, lines: &[&str]) {
        let name = lines.first().and_then(|line| line.strip_prefix("# ")).expect("a file name");
        let path = self.folder.path().join(name.trim());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, self.to_ports_in_use(&(lines.join("\n") + "\n"))).unwrap();
    }

    fn commands(&mut self, lines: &[&str]) {
        let mut lines = lines.iter().peekable();
        while let Some(line) = lines.next() {
            let start = line.strip_prefix("$ ").expect("a block starts with a command");
            let mut command = start.to_owned();
            // A line that ends with a pipe goes on.
            while command.ends_with('|') {
                command.push_str(lines.next().expect("a line after the pipe"));
            }
            let mut expected = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                expected.push(*line);
            }
            let printed = self.run(&command);
            let printed = self.to_ports_of_page(&printed);
            let pattern = pattern(&expected);
            assert!(
                Regex::new(&pattern).unwrap().is_match(printed.trim_end()),
                "the README says of `{command}`:\n\n{}\n\nit prints:\n\n{printed}",
                expected.join("\n")
            );
            self.ran += 1;
        }
    }

    fn run(&mut self, command: &str) -> String {
        if let Some(command) = command.strip_suffix(" &") {
            return self.start(command);
        }
        let command = self.to_ports_in_use(command);
        if let Some(arguments) = command.strip_prefix("curl ") {
            return get(arguments);
        }
        let output = self.shell(&command).output().unwrap();
        [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap()).concat()
    }

    /// Starts a server on free ports and waits for the line that says it listens.
    fn start(&mut self, command: &str) -> String {
        let port = Regex::new(r"127\.0\.0\.1:\d+").unwrap();
        let is_demo = command.starts_with("figleaf demo");
        let free = match command.trim() {
            demo if is_demo => {
                format!("{demo} --port 0 --legacy-port 0 --candidate-port 0 --console 127.0.0.1:0")
            }
            serve => port.replace(serve, "127.0.0.1:0").into_owned(),
        };
        let mut child =
            self.shell(&format!("exec {free} 2>&1")).stdout(Stdio::piped()).spawn().unwrap();
        let mut printed = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !printed.contains("listening on ") {
            assert!(lines.read_line(&mut printed).unwrap() > 0, "`{command}` ended:\n{printed}");
        }
        self.running.push(child);
        // Whoever prints into a closed pipe may die of it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let found =
            |pattern: &str| Regex::new(pattern).unwrap().captures(&printed).unwrap()[1].to_owned();
        if is_demo {
            self.ports
                .insert("8081".into(), found(r"legacy SOAP system +http://127\.0\.0\.1:(\d+)"));
            self.ports.insert("8082".into(), found(r"Its successor +http://127\.0\.0\.1:(\d+)"));
            self.ports
                .insert("9090".into(), found(r"Operators' console +http://127\.0\.0\.1:(\d+)"));
            self.ports.insert("8080".into(), found(r"The facade +http://127\.0\.0\.1:(\d+)"));
        } else {
            let page = command.rsplit(':').next().unwrap().trim().to_owned();
            self.ports.insert(page, found(r"listening on http://127\.0\.0\.1:(\d+)"));
        }
        printed
    }

    fn shell(&self, command: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_figleaf")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(self.folder.path()).env_clear();
        shell.env("PATH", format!("{}:{path}", binary.display())).stdin(Stdio::null());
        shell
    }

    fn to_ports_in_use(&self, text: &str) -> String {
        self.ports.iter().fold(text.to_owned(), |text, (page, used)| {
            text.replace(&format!("127.0.0.1:{page}"), &format!("127.0.0.1:{used}"))
        })
    }

    fn to_ports_of_page(&self, text: &str) -> String {
        self.ports.iter().fold(text.to_owned(), |text, (page, used)| {
            text.replace(&format!("127.0.0.1:{used}"), &format!("127.0.0.1:{page}"))
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A regular expression for what a command prints.
fn pattern(expected: &[&str]) -> String {
    let mut pattern = String::from("^");
    for (at, line) in expected.iter().enumerate() {
        if *line == "…" {
            pattern.push_str(r"(?:.*\n)*?");
            continue;
        }
        let pieces: Vec<String> = line.split('…').map(regex::escape).collect();
        pattern.push_str(&pieces.join(".*"));
        if at + 1 < expected.len() {
            pattern.push('\n');
        }
    }
    if expected.last() == Some(&"…") {
        pattern.push_str("(?s:.*)");
    }
    pattern.push('$');
    pattern
}

/// `curl -s URL`, with or without quotes.
fn get(arguments: &str) -> String {
    let url = arguments.strip_prefix("-s ").expect("only `curl -s URL` is understood");
    let url = url.trim().trim_matches('\'');
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
