//! The binary as people and scripts meet it: exit code, stdout, stderr.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the binary in a folder; what it printed, with the exit code first.
fn figleaf(folder: &Path, arguments: &[&str], stdin: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_figleaf"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let mut text = format!("exit {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let lines = String::from_utf8(bytes.clone()).unwrap();
        assert!(!lines.contains('\u{1b}'), "colours without a terminal");
        if !lines.is_empty() {
            let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
            text.push_str(&format!("--- {name}\n{}\n", lines.join("\n")));
        }
    }
    text
}

/// In the project's own folder, where `wsdl/` and `mappings/` are.
fn here(arguments: &[&str], stdin: &str) -> String {
    figleaf(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, stdin)
}

#[test]
fn help_shows_every_command() {
    insta::assert_snapshot!(here(&["--help"], ""), @r#"
    exit 0
    --- stdout
    A modern, versioned REST API in front of SOAP services you cannot replace yet, and a safe way to
    replace them, one endpoint at a time

    Usage: figleaf <COMMAND>

    Commands:
      demo         Run the whole thing on embedded parts, and print calls worth trying
      import       Read a contract or a database, say what becomes of each part, and propose a mapping
      check        Check every mapping against its contract
      diff         Compare the API of this tree with that of a git revision
      explain      Show what a request would become, and send nothing
      fixtures     Work with the folder of fixtures
      mock         Serve the fixtures as the SOAP services they were recorded from
      serve        Serve the routes of every mapping as REST, with OpenAPI and documentation
      status       Show how far every route with a candidate is: its stage, who answers callers, how
                   often both sides agree, and what blocks the next step
      stage        Move a route with a candidate to another stage, or look after its latches
      evidence     Work on what is known of candidates
      compare      Compare two answers by the rules of a route
      audit        Read the audit of all changes of stages, and check that nobody touched it
      verify       Replay every fixture through every mapping, without a backend
      translate    Translate one message by a WSDL, without a mapping
      schema       Print the JSON Schema of mapping files or of fixtures, for editors and other tools
      completions  Print the completion script of a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Start with:
      figleaf demo                                     everything embedded, to look around
      figleaf import https://legacy.example/erp?wsdl   your own service
      figleaf check && figleaf serve

    Exit codes: 0 done; 1 problems were found; 2 the arguments or the input cannot be used.
    Colours: on terminals only, and never where NO_COLOR is set.
    "#);
}

#[test]
fn help_of_a_command_has_examples_and_exit_codes() {
    insta::assert_snapshot!(here(&["explain", "--help"], ""), @r#"
    exit 0
    --- stdout
    Show what a request would become, and send nothing.

    Prints the route with its place in the mapping, where each value of the request comes from, and the
    exact envelope, request or statement a backend would get.

    Usage: figleaf explain [OPTIONS] <METHOD> <PATH>

    Arguments:
      <METHOD>
              The method, e.g. GET

      <PATH>
              Path and query, as a caller would write them

    Options:
          --body <FILE>
              The request body; - reads stdin

          --header <NAME: VALUE>
              A request header, e.g. 'Accept-Language: de'; may be repeated

          --mappings <PATH>
              The folder of mapping files, or one file

              [env: FIGLEAF_MAPPINGS]
              [default: mappings]

      -h, --help
              Print help (see a summary with '-h')

    Examples:
      figleaf explain GET /api/v1/orders/42
      figleaf explain POST /api/v1/orders --body order.json

    Exit codes: 0 explained; 1 the request is not valid; 2 unusable arguments or mappings.
    "#);
    for command in figleaf::cli::command().get_subcommands() {
        let help = here(&[command.get_name(), "--help"], "");
        assert!(help.starts_with("exit 0"), "{help}");
        assert!(help.contains("\nExamples:\n"), "{help}");
        assert!(help.contains("\nExit codes: "), "{help}");
        let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
}

#[test]
fn version_is_one_line() {
    let version = format!("exit 0\n--- stdout\nfigleaf {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(here(&["--version"], ""), version);
}

#[test]
fn an_unknown_command_gets_the_nearest() {
    insta::assert_snapshot!(here(&["chekc"], ""), @r#"
    exit 2
    --- stderr
    error: unrecognized subcommand 'chekc'

      tip: some similar subcommands exist: 'schema', 'check'

    Usage: figleaf <COMMAND>

    For more information, try '--help'.
    "#);
}

#[test]
fn check_of_the_demo_mappings_finds_nothing() {
    insta::assert_snapshot!(here(&["check"], ""), @r#"
    exit 0
    --- stderr
    no problems: 34 routes on 4 backends in 4 files
    GET /api/v3/customers/{customerId}: stage shadow, ceiling retired, key path.customerId
    GET /api/v3/orders/{orderId}: stage shadow, ceiling retired, key path.orderId
    GET /api/v3/orders: stage shadow, ceiling retired, key header.x-client
    GET /api/v3/stock/{articleNumber}: stage shadow, ceiling retired, key path.articleNumber
    GET /api/v3/customers/{customerId}/balance: stage canary 50%, ceiling retired, key path.customerId
    POST /api/v3/orders/{orderId}/cancel: stage shadow, ceiling retired, key path.orderId
    "#);
}

#[test]
fn check_of_a_missing_folder_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(figleaf(folder.path(), &["check"], ""), @r#"
    exit 2
    --- stderr
    error[command-usage]: `mappings` does not exist
      = help: `figleaf import` writes mappings; --mappings names another folder
    "#);
}

#[test]
fn check_of_an_empty_folder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    insta::assert_snapshot!(figleaf(folder.path(), &["check"], ""), @r#"
    exit 1
    --- stderr
    error[mapping-unreadable]: there is no mapping in `mappings`
     |
     = help: `figleaf import` writes one; --mappings names another folder

    1 problem in 0 files
    "#);
}

#[test]
fn check_underlines_every_problem() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = "figleaf: 1\napi: shop\nversion: v1\nroutes:\n  GET /orders:\n    http: shpo\n    timout: 5s\nbackends:\n  shop: { http: http://127.0.0.1:1 }\n";
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/shop.yaml"), mapping).unwrap();
    insta::assert_snapshot!(figleaf(folder.path(), &["check"], ""), @r#"
    exit 1
    --- stderr
    error[mapping-backend-unknown]: there is no backend `shpo`
     --> mappings/shop.yaml:6:11
      |
    6 |     http: shpo
      |           ^^^^
      |
      = help: did you mean `shop`?

    error[mapping-unknown-key]: `timout` is not a key of a route
     --> mappings/shop.yaml:7:5
      |
    7 |     timout: 5s
      |     ^^^^^^
      |
      = help: did you mean `timeout`?

    2 problems in 1 file
    "#);
}

#[test]
fn check_reports_two_members_of_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let wsdl = Path::new(env!("CARGO_MANIFEST_DIR")).join("wsdl/shop/OrderService.wsdl");
    let mapping = format!(
        "figleaf: 1\napi: shop\nversion: v1\nbackends:\n  shop:\n    soap: {}\n    port: OrderServiceSoap11\n    names: {{ LineNo: number, ArticleNumber: number }}\nroutes:\n  GET /orders/{{orderId}}: {{ soap: shop.GetOrder }}\n",
        wsdl.display()
    );
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/shop.yaml"), mapping).unwrap();
    let printed = figleaf(folder.path(), &["check"], "");
    insta::assert_snapshot!(printed, @r#"
    exit 1
    --- stderr
    error[mapping-name-collision]: two members of one object would be `number`
     --> mappings/shop.yaml:8:22
      |
    8 |     names: { LineNo: number, ArticleNumber: number }
      |                      ^^^^^^
      |
     ::: mappings/shop.yaml:8:14
      |
    8 |     names: { LineNo: number, ArticleNumber: number }
      |              ------ given to this
      |
      = help: give it a name of its own, or write `Type.name` to mean one type

    error[mapping-name-collision]: two members of one object would be `number`
     --> mappings/shop.yaml:8:45
      |
    8 |     names: { LineNo: number, ArticleNumber: number }
      |                                             ^^^^^^
      |
     ::: mappings/shop.yaml:8:30
      |
    8 |     names: { LineNo: number, ArticleNumber: number }
      |                              ------------- given to this
      |
      = help: give it a name of its own, or write `Type.name` to mean one type

    2 problems in 1 file
    "#);
}

#[test]
fn explain_of_an_unknown_path_lists_the_routes() {
    insta::assert_snapshot!(here(&["explain", "GET", "/api/v1/ordres/42"], ""), @r#"
    exit 2
    --- stderr
    error[command-usage]: no route has the path /api/v1/ordres/42
      = help: the routes are:
          GET /api/v1/invoices
          GET /api/v1/invoices/{company}/{invNo}
          GET /api/v1/customers/{customerId}/invoices
          GET /api/v1/customers/{customerId}/balance
          GET /api/v1/prices/{priceList}/{articleNumber}
          GET /api/v1/exports/invoices
          POST /api/v1/payments
          GET /api/v1/payments/{payId}
          DELETE /api/v1/payments/{payId}
          PUT /api/v1/invoices/{company}/{invNo}/note
          POST /api/v1/invoices
          GET /api/v1/customers/{customerId}/overview
          GET /api/v3/customers/{customerId}
          GET /api/v3/orders/{orderId}
          GET /api/v3/orders
          GET /api/v3/stock/{articleNumber}
          GET /api/v3/customers/{customerId}/balance
          POST /api/v3/orders/{orderId}/cancel
          GET /api/v2/orders/{orderId}
          GET /api/v2/orders
          POST /api/v2/orders
          POST /api/v2/orders/{orderId}/cancel
          POST /api/v2/orders/{orderId}/shipment
          GET /api/v2/customers/{customerId}
          GET /api/v2/stock/{articleNumber}
          GET /api/v2/exports/orders
          GET /api/v1/orders/{orderId}
          GET /api/v1/orders
          POST /api/v1/orders
          POST /api/v1/orders/{orderId}/cancel
          POST /api/v1/orders/{orderId}/shipment
          GET /api/v1/customers/{customerId}
          GET /api/v1/stock/{articleNumber}
          GET /api/v1/exports/orders
    "#);
}

#[test]
fn explain_shows_the_envelope() {
    insta::assert_snapshot!(here(&["explain", "GET", "/api/v1/orders/42"], ""), @r#"
    exit 0
    --- stdout
    route      GET /api/v1/orders/{orderId}
               mappings/shop.yaml:25
    backend    shop (http://127.0.0.1:8081/shop)
    operation  GetOrder of OrderService.OrderServiceSoap11, SOAP 1.1
    values     orderId  ← path.orderId
    sends      POST http://127.0.0.1:8081/shop
               Content-Type: text/xml; charset=utf-8
               SOAPAction: "http://legacy.shop.example/orders/2009/service/GetOrder"

    <?xml version="1.0" encoding="UTF-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:svc="http://legacy.shop.example/orders/2009/service/"><soap:Body><svc:GetOrder><svc:OrderID>42</svc:OrderID></svc:GetOrder></soap:Body></soap:Envelope>
    "#);
}

#[test]
fn translate_of_a_misspelt_operation_gets_the_nearest() {
    let wsdl = "wsdl/shop/OrderService.wsdl";
    let arguments = ["translate", "request", "--wsdl", wsdl, "--operation", "GetOder"];
    insta::assert_snapshot!(here(&arguments, "{}"), @r#"
    exit 2
    --- stderr
    error[command-usage]: there is no operation `GetOder`
      = help: did you mean `GetOrder`?
    "#);
}

#[test]
fn translate_names_every_problem_of_a_request() {
    let wsdl = "wsdl/shop/OrderService.wsdl";
    let arguments = ["translate", "request", "--wsdl", wsdl, "--operation", "GetOrder"];
    insta::assert_snapshot!(here(&arguments, r#"{"ordrId": 42}"#), @r#"
    exit 1
    --- stderr
    error[request-invalid]: /ordrId is not a member here; did you mean `orderId`?
    error[request-invalid]: /orderId is required
    "#);
}

#[test]
fn schema_and_completions_are_printed() {
    let schema = here(&["schema"], "");
    assert!(schema.starts_with("exit 0\n--- stdout\n{\n"), "{schema}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = here(&["completions", shell], "");
        assert!(script.starts_with("exit 0\n--- stdout\n"), "{script}");
        assert!(script.contains("translate"), "{shell}");
    }
}

#[test]
fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let text = here(&["serve", "--listen", &address], "");
    let port = address.rsplit(':').next().unwrap();
    insta::assert_snapshot!(text.replace(port, "PORT"), @r#"
    exit 2
    --- stderr
    warning[sql-undescribed]: the database `ledger` cannot be asked, the types locked are used: the file is not there or cannot be opened
     --> mappings/ledger.yaml:8:3
      |
    8 |   ledger:
      |   ^^^^^^
      |
      = help: Let the database be reached, or keep a figleaf.lock written by `figleaf check --db --lock`.

    error[command-port-taken]: port PORT is taken
      = help: stop what listens there, or give another with --listen 127.0.0.1:0
    "#);
}
