//! `check`, `explain` and `serve` where the types of statements come from: the database, the
//! lock, or nowhere.

use std::path::Path;

use tempfile::TempDir;

use crate::rig::{Serving, figleaf};

const MAPPING: &str = "figleaf: 1
api: books
version: v1
backends:
  books: { sqlite: ../books.db }
routes:
  GET /books/{isbn}:
    sql: books
    query: queries/books.sql#one
    result: one
  GET /books:
    sql: books
    query: |
      select isbn, title
      from book where true /*filters*/
    filters: { author: \"author = :author\" }
    page: { by: [isbn] }
";

/// A project with a database of books.
struct Project(TempDir);

impl Project {
    fn new(mapping: &str) -> Self {
        let project = Self(TempDir::new().unwrap());
        std::fs::create_dir_all(project.path().join("mappings/queries")).unwrap();
        project.write("mappings/books.yaml", mapping);
        project.write(
            "mappings/queries/books.sql",
            "-- name: one\nselect isbn, title,\n       price\nfrom book\nwhere isbn = :isbn;\n",
        );
        project.execute(
            "create table book (isbn text primary key not null, title varchar(80) not null,
               author text, price numeric(8,2));
             insert into book values ('978-3', 'Faust', 'Goethe', 9.9)",
        );
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn execute(&self, sql: &str) {
        let books = rusqlite::Connection::open(self.path().join("books.db")).unwrap();
        books.execute_batch(sql).unwrap();
    }

    /// Runs the binary here; its exit code and everything it printed.
    fn run(&self, arguments: &[&str]) -> String {
        let output = figleaf(self.path(), arguments, &[]);
        format!("exit {}\n{}{}", output.code, output.stdout, output.stderr)
    }
}

#[test]
fn without_types_a_check_says_what_it_did_not_check() {
    let project = Project::new(MAPPING);
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    no problems: 2 routes on 1 backend in 1 file
    types of 2 statements not checked: not in figleaf.lock; use --db
    ");
    insta::assert_snapshot!(project.run(&["check", "--db"]), @r"
    exit 0
    no problems: 2 routes on 1 backend in 1 file
    ");
    assert!(!project.path().join("mappings/figleaf.lock").exists());
}

#[test]
fn a_lock_stands_in_for_the_database_and_shows_its_drift() {
    let project = Project::new(MAPPING);
    let lock = project.path().join("mappings/figleaf.lock");
    assert!(project.run(&["check", "--db", "--lock"]).starts_with("exit 0"));
    let first = std::fs::read_to_string(&lock).unwrap();
    assert!(project.run(&["check", "--db", "--lock"]).starts_with("exit 0"));
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), first);

    let database = project.path().join("books.db");
    std::fs::rename(&database, project.path().join("away.db")).unwrap();
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    no problems: 2 routes on 1 backend in 1 file
    ");
    let asked = project.run(&["check", "--db"]);
    assert!(asked.starts_with("exit 1\nerror[sql-undescribed]: the database `books`"), "{asked}");

    std::fs::rename(project.path().join("away.db"), &database).unwrap();
    project.execute("alter table book drop column price; alter table book add column price real");
    insta::assert_snapshot!(project.run(&["check", "--db"]), @r"
    exit 1
    error[sql-lock]: the database says otherwise than figleaf.lock: `price` was numeric, is double precision
     --> mappings/queries/books.sql:2:1
      |
    2 | select isbn, title,
      | ^^^^^^^^^^^^^^^^^^^
      |
      = help: Look at what changed, and run `figleaf check --db --lock`.

    1 problem in 1 file
    ");
    project.write("mappings/books.yaml", &MAPPING.replace("isbn, title\n", "isbn, title, price\n"));
    let lacking = project.run(&["check", "--db"]);
    assert!(lacking.contains("error[sql-lock]: figleaf.lock lacks this statement"), "{lacking}");
    project.write("mappings/figleaf.lock", "{}");
    let broken = project.run(&["check"]);
    assert!(broken.starts_with("exit 1\nerror[sql-lock]: `mappings/figleaf.lock`"), "{broken}");
}

#[test]
fn what_a_database_refuses_is_underlined_where_it_was_written() {
    let project = Project::new(&MAPPING.replace("isbn, title\n", "isbn,\n             titel\n"));
    project.write(
        "mappings/queries/books.sql",
        "-- name: one\nselect isbn, title\nfrom books\nwhere isbn = :isbn\n",
    );
    insta::assert_snapshot!(project.run(&["check", "--db"]), @r"
    exit 1
    error[sql-refused]: the database refuses it: no such column: titel (42703)
      --> mappings/books.yaml:15:14
       |
    15 |              titel
       |              ^^^^^
       |
       = help: Mend the statement at the place named; the message is the database's.

    error[sql-refused]: the database refuses it: no such table: books (42P01)
     --> mappings/queries/books.sql:2:1
      |
    2 | select isbn, title
      | ^^^^^^^^^^^^^^^^^^
      |
      = help: check the name, and the schema it is in

    2 problems in 1 file
    ");
}

#[test]
fn postgres_says_the_place_in_filters_and_orders_too() {
    let Some(server) = crate::postgres::server() else { return };
    let url = server.database("create table t (id int primary key, at timestamptz)");
    let mapping = format!(
        "figleaf: 1\napi: t\nversion: v1\nbackends:\n  t: {{ postgres: \"{url}\" }}\nroutes:\n  \
         GET /t:\n    sql: t\n    query: |\n      select id, at from t\n      where at > :since\n    \
         filters: {{ near: \"idd = :near\" }}\n    sort: {{ newest: at desc }}\n    \
         page: {{ by: [id] }}\n  GET /u:\n    sql: t\n    query: select id from t where :a is null\n"
    );
    let project = Project::new(&mapping);
    let printed = project.run(&["check", "--db"]);
    let places: Vec<&str> = printed
        .lines()
        .filter(|line| line.contains("error[") || line.contains("-->"))
        .map(str::trim)
        .collect();
    insta::assert_snapshot!(places.join("\n"), @r#"
    error[sql-refused]: the database refuses it: column "idd" does not exist (42703)
    --> mappings/books.yaml:12:23
    error[sql-page]: `at` may be NULL, and rows without it are on no page
    --> mappings/books.yaml:13:21
    error[sql-refused]: the database refuses it: could not determine data type of parameter $1 (42P18)
    --> mappings/books.yaml:17:35
    "#);
}

#[test]
fn explain_shows_the_statement_its_values_and_where_they_come_from() {
    let project = Project::new(MAPPING);
    insta::assert_snapshot!(
        project.run(&["explain", "GET", "/api/v1/books?author=Goethe&limit=5"]), @r#"
    exit 0
    route      GET /api/v1/books
               mappings/books.yaml:11
    backend    books (mappings/../books.db), SQLite
    sends      a read
    values     :author  ← query.author (optional)

    select * from (select isbn, title
    from book where true /*filters*/ and (author = ?1)
    ) as figleaf order by figleaf."isbn" limit ?2

    ?1  :author = "Goethe"
    ?2  one more than the page has = 6
    "#);
    insta::assert_snapshot!(project.run(&["explain", "GET", "/api/v1/books?autor=Goethe"]), @r#"
    exit 1
    route      GET /api/v1/books
               mappings/books.yaml:11
    backend    books (mappings/../books.db), SQLite
    sends      a read
    values     :author  ← query.author (optional)

    select * from (select isbn, title
    from book where true /*filters*/
    ) as figleaf order by figleaf."isbn"
    error[request-invalid]: The request does not match its schema 1 problem
      autor is not a parameter here; did you mean `author`?
    "#);
}

#[test]
fn serve_needs_the_types_of_every_statement() {
    let project = Project::new(MAPPING);
    let database = project.path().join("books.db");
    std::fs::rename(&database, project.path().join("away.db")).unwrap();
    let refused = project.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        refused.starts_with("exit 1\nerror[sql-undescribed]: the database `books`"),
        "{refused}"
    );
    std::fs::rename(project.path().join("away.db"), &database).unwrap();
    assert!(project.run(&["check", "--db", "--lock"]).starts_with("exit 0"));
    std::fs::remove_file(&database).unwrap();
    // With the lock it starts; the route answers when its database is back.
    let serving = Serving::start(project.path(), &[], &[]);
    drop(serving);
}
