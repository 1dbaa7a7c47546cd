//! A PostgreSQL server, started by the tests and gone with them.
//!
//! The server runs under a shell that waits for the end of its own standard input, which is
//! a pipe of ours: however this process ends, the shell stops the server and removes its
//! files. As root it runs as an unprivileged user, since `postgres` refuses root.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Once, OnceLock};
use std::time::{Duration, Instant};

use tokio_postgres::NoTls;

use super::binaries;
use crate::rig::{free_port, project};

/// How long a server may take to start, on a machine with much else to do.
const START_MAX: Duration = Duration::from_secs(60);
/// Ports that are tried: another process may take one first.
const PORTS_MAX: usize = 3;
/// `nobody`, where we are root.
const UNPRIVILEGED: u32 = 65534;
/// $1 is the folder, the rest the server's command line. A line on its standard input is a
/// signal for the server; its end means that we are gone.
const WATCHDOG: &str = r#"
folder=$1; shift
"$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
exec 3<&0
{
  read -r how <&3 || : >"$folder/orphaned"
  kill -s "${how:-QUIT}" $server
} >/dev/null 2>&1 &
reader=$!
wait $server
kill $reader 2>/dev/null
[ ! -e "$folder/orphaned" ] || rm -rf "$folder"
"#;
const SETTINGS: &str = "
fsync = off
full_page_writes = off
max_connections = 300
listen_addresses = '127.0.0.1'
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
timezone = 'Asia/Kathmandu'
lc_messages = 'C'
";
/// The database `locked` wants a password.
const ACCESS: &str = "
local all all trust
host locked all all scram-sha-256
host all all all trust
";

/// The server all tests share; `None` where there is none and none is required.
pub fn server() -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    SHARED.get_or_init(|| Server::elsewhere().or_else(Server::private)).as_ref()
}

/// The same, but surely ours: with our certificates, our rules of access and its socket.
pub fn own_server() -> Option<&'static Server> {
    static OWN: OnceLock<Option<Server>> = OnceLock::new();
    match server() {
        Some(shared) if shared.cluster.is_some() => Some(shared),
        _ => OWN.get_or_init(Server::private).as_ref(),
    }
}

/// A running server.
pub struct Server {
    /// Up to the name of a database.
    base: String,
    /// After it.
    options: String,
    cluster: Option<Cluster>,
}

/// Files of a server and the process that serves them.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    user: Option<u32>,
    watchdog: Option<Child>,
}

impl Server {
    /// The one of `FIGLEAF_TEST_PG_URL`, whose user may create databases.
    fn elsewhere() -> Option<Self> {
        let url = std::env::var("FIGLEAF_TEST_PG_URL").ok().filter(|url| !url.is_empty())?;
        let (address, options) = url.split_once('?').unwrap_or((&url, ""));
        let (scheme, rest) = address.split_once("://").expect("FIGLEAF_TEST_PG_URL is a URL");
        let host = rest.split('/').next().unwrap();
        let options = if options.is_empty() { String::new() } else { format!("?{options}") };
        Some(Self { base: format!("{scheme}://{host}/"), options, cluster: None })
    }

    /// One of its own, which may be stopped. Only where the programs are on this machine.
    pub fn private() -> Option<Self> {
        let Some(programs) = binaries::folder() else {
            absent();
            return None;
        };
        let mut cluster = Cluster::new(programs);
        for _ in 0..PORTS_MAX {
            cluster.port = free_port();
            if cluster.start() {
                let base = format!("postgres://postgres@127.0.0.1:{}/", cluster.port);
                let options = "?sslmode=disable".to_owned();
                return Some(Self { base, options, cluster: Some(cluster) });
            }
        }
        panic!("no PostgreSQL starts:\n{}", cluster.log());
    }

    /// A new database after these statements; its URL.
    pub fn database(&self, statements: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("figleaf_{}_{count}", std::process::id());
        execute(&self.url("postgres"), &format!("create database {name}"));
        let url = self.url(&name);
        if !statements.is_empty() {
            execute(&url, statements);
        }
        url
    }

    /// The URL of a database by its name.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.base, self.options)
    }

    /// Where the socket of a server of ours is.
    pub fn socket_folder(&self) -> &Path {
        &self.cluster.as_ref().expect("a server of ours").folder
    }

    /// The port of a server of ours.
    pub fn port(&self) -> u16 {
        self.cluster.as_ref().expect("a server of ours").port
    }

    /// Ends a private server at once, as a crash does.
    pub fn kill(&mut self) {
        self.cluster.as_mut().expect("a private server").end("KILL");
    }

    /// Ends a private server: it tells its clients that it goes.
    pub fn stop(&mut self) {
        self.cluster.as_mut().expect("a private server").end("INT");
    }

    /// Starts a private server again where it was, with all its data.
    pub fn start(&mut self) {
        let cluster = self.cluster.as_mut().expect("a private server");
        let end = Instant::now() + START_MAX;
        // What a crash left may be in use for a moment more.
        while !cluster.start() {
            assert!(Instant::now() < end, "it does not start again:\n{}", cluster.log());
        }
    }
}

/// Runs statements in a database; the first column of the last row.
pub fn execute(url: &str, statements: &str) -> Option<String> {
    try_execute(url, statements).unwrap_or_else(|error| panic!("{statements}: {error:?}"))
}

/// The same where it may fail. In a thread of its own, so that a test with a runtime may
/// call it.
pub fn try_execute(
    url: &str,
    statements: &str,
) -> Result<Option<String>, Box<tokio_postgres::Error>> {
    let work = async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let driver = tokio::spawn(connection);
        let answers = client.simple_query(statements).await?;
        drop(client);
        let _ = driver.await;
        let row = answers.iter().rev().find_map(|answer| match answer {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(row.and_then(|row| row.get(0).map(str::to_owned)))
    };
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work)
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

/// Says so, once, past the capturing of output; or fails.
fn absent() {
    static SAID: Once = Once::new();
    let required = std::env::var("FIGLEAF_REQUIRE_PG").is_ok_and(|value| value == "1");
    assert!(!required, "FIGLEAF_REQUIRE_PG is set and there is no initdb and postgres");
    let line = "\nNOT RUN: all tests against PostgreSQL, since this machine has no initdb and \
                postgres (scripts/test installs them)\n";
    SAID.call_once(|| drop(std::io::stderr().write_all(line.as_bytes())));
}

impl Cluster {
    fn new(programs: PathBuf) -> Self {
        let folder = tempfile::Builder::new().prefix("figleaf-pg-").tempdir().unwrap().keep();
        let user = (folder.metadata().unwrap().uid() == 0).then_some(UNPRIVILEGED);
        let this = Self { programs, folder, port: 0, user, watchdog: None };
        this.hand_over(&this.folder);
        let mut initdb = this.command(&this.programs.join("initdb"));
        initdb.arg("-D").arg(this.data()).args(["-U", "postgres", "-A", "trust", "--no-sync"]);
        let output = initdb.args(["--locale=C", "--encoding=UTF8"]).output().unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        for name in ["server.pem", "server.key"] {
            this.put(name, &fs::read(project("src/backend/tests/pem").join(name)).unwrap());
        }
        let settings = fs::read_to_string(this.data().join("postgresql.conf")).unwrap();
        this.put("postgresql.conf", (settings + SETTINGS).as_bytes());
        this.put("pg_hba.conf", ACCESS.as_bytes());
        this
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn put(&self, name: &str, content: &[u8]) {
        let path = self.data().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        self.hand_over(&path);
    }

    fn hand_over(&self, path: &Path) {
        if let Some(user) = self.user {
            chown(path, Some(user), Some(user)).unwrap();
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Starts it; whether it answers.
    fn start(&mut self) -> bool {
        let mut command = self.command(Path::new("sh"));
        command.args(["-c", WATCHDOG, "sh"]).arg(&self.folder);
        command.arg(self.programs.join("postgres")).arg("-D").arg(self.data());
        command.arg("-k").arg(&self.folder).arg("-p").arg(self.port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own, so that Ctrl-C ends us and not the one who cleans up.
        self.watchdog = Some(command.process_group(0).spawn().unwrap());
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", self.port);
        let end = Instant::now() + START_MAX;
        while self.is_alive() && Instant::now() < end {
            // Whoever else took the port is no superuser named postgres of this folder.
            let asked = try_execute(&url, "show data_directory").ok().flatten();
            if asked.is_some_and(|folder| Path::new(&folder) == self.data()) {
                return true;
            }
        }
        self.end("KILL");
        false
    }

    fn is_alive(&mut self) -> bool {
        self.watchdog.as_mut().is_some_and(|watchdog| watchdog.try_wait().unwrap().is_none())
    }

    /// Ends the server with a signal and waits until it is gone; its files stay.
    fn end(&mut self, signal: &str) {
        let Some(mut watchdog) = self.watchdog.take() else { return };
        if let Some(pipe) = &mut watchdog.stdin {
            let _ = writeln!(pipe, "{signal}");
        }
        // Its standard input stays open until it is gone.
        while watchdog.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end("QUIT");
        let _ = fs::remove_dir_all(&self.folder);
    }
}
