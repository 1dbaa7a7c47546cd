//! The binary itself, as a person runs it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_figleaf"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end in a folder, with these variables and no others.
pub fn figleaf(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = command(folder);
    let output = command.args(arguments).envs(variables.iter().copied()).output().unwrap();
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// `figleaf serve` in a process of its own; killed when dropped.
pub struct Serving {
    pub address: SocketAddr,
    child: Child,
    lines: Receiver<String>,
    before: String,
}

impl Serving {
    /// Waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        command.envs(variables.iter().copied()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut this = Self { address, child, lines, before: String::new() };
        let line = loop {
            let line = this.line("");
            if line.contains("listening on http://") {
                break line;
            }
            this.before.push_str(&line);
            this.before.push('\n');
        };
        let (_, address) = line.split_once("http://").unwrap();
        this.address = address.trim().parse().unwrap();
        this
    }

    /// The next line of stderr with this in it.
    pub fn line(&mut self, wanted: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(wanted) => return line,
                Ok(line) => seen.push(line),
                Err(why) => panic!("{why}: no `{wanted}` in\n{}", seen.join("\n")),
            }
        }
    }

    /// What it said on stderr before it listened.
    pub fn before(&self) -> &str {
        &self.before
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// The most memory it ever had, in bytes.
    pub fn memory_peak_bytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let mut text = String::new();
        std::fs::File::open(path).unwrap().read_to_string(&mut text).unwrap();
        let line = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Its exit code, once it has ended.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.try_wait().unwrap().map(|status| status.code().unwrap_or(-1))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
