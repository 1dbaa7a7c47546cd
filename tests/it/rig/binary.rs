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

/// `figleaf serve`, or another command that serves, in a process of its own; killed when dropped.
pub struct Serving {
    pub address: SocketAddr,
    child: Child,
    lines: Receiver<String>,
    /// What it said before it listened.
    pub welcome: Vec<String>,
}

impl Serving {
    /// Waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let serve = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        Self::run(folder, &serve, variables)
    }

    /// Any command that serves until it is stopped.
    pub fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(folder);
        command.args(arguments).envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(output).lines().map_while(Result::ok);
                for line in lines {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut this = Self { address, child, lines, welcome: Vec::new() };
        let (line, welcome) = this.until("listening on http://");
        let (_, address) = line.split_once("http://").unwrap();
        (this.address, this.welcome) = (address.trim().parse().unwrap(), welcome);
        this
    }

    /// The next line of its output with this in it.
    pub fn line(&mut self, wanted: &str) -> String {
        self.until(wanted).0
    }

    fn until(&mut self, wanted: &str) -> (String, Vec<String>) {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(wanted) => return (line, seen),
                Ok(line) => seen.push(line),
                Err(why) => panic!("{why}: no `{wanted}` in\n{}", seen.join("\n")),
            }
        }
    }

    /// What it said before it listened, as text.
    pub fn before(&self) -> String {
        self.welcome.iter().map(|line| format!("{line}\n")).collect()
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
