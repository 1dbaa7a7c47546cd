//! Mappings that are proposed.

use super::fixtures::{Project, element, wsdl};

#[test]
fn the_shop_is_judged_for_machines() {
    let project = Project::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/wsdl/shop");
    let done = project.import(source, &["--dry-run", "--format", "json"]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&done.text).unwrap();
    assert_eq!((done.code, &json["contract"]), (0, &serde_json::json!(source)));
    let rows: Vec<String> = json["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            assert_eq!(row.as_object().unwrap().len(), 5);
            format!(
                "{} {} {} {} {}",
                text("service"),
                text("port"),
                text("operation"),
                text("verdict"),
                row["reasons"]
            )
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r##"
    OrderService OrderServiceSoap11 GetOrder works []
    OrderService OrderServiceSoap11 SearchOrders works []
    OrderService OrderServiceSoap11 PlaceOrder works []
    OrderService OrderServiceSoap11 CancelOrder works []
    OrderService OrderServiceSoap11 GetCustomer works []
    OrderService OrderServiceSoap11 ListOrders works []
    OrderService OrderServiceSoap11 CheckStock works []
    OrderService OrderServiceSoap11 NotifyShipment works []
    OrderService OrderServiceSoap12 GetOrder works []
    OrderService OrderServiceSoap12 SearchOrders works []
    OrderService OrderServiceSoap12 PlaceOrder works []
    OrderService OrderServiceSoap12 CancelOrder works []
    OrderService OrderServiceSoap12 GetCustomer works []
    OrderService OrderServiceSoap12 ListOrders works []
    OrderService OrderServiceSoap12 CheckStock works []
    OrderService OrderServiceSoap12 NotifyShipment works []
    "##);
    assert!(project.files().is_empty());
}

#[test]
fn the_shop_gets_a_mapping_that_a_person_can_read() {
    let project = Project::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/wsdl/shop/OrderService.wsdl");
    project.import(source, &["--name", "shop"]).unwrap();
    let mapping = project.read("mappings/shop.yaml");
    let body = mapping.split_once('\n').unwrap().1;
    insta::assert_snapshot!(body, @r##"
    # This file is yours: rename, move, remove. Importing again never changes what stands here;
    # it only appends routes for operations that are new.
    # `figleaf check` finds mistakes; `figleaf explain METHOD PATH` shows what would be sent.
    figleaf: 1
    api: shop
    version: v1
    title: OrderService

    backends:
      shop:  # SOAP 1.1
        # the same operations are at OrderService/OrderServiceSoap12
        soap: ../wsdl/shop/OrderService.wsdl
        service: OrderService
        port: OrderServiceSoap11
        url: "${SHOP_URL:-http://127.0.0.1:8081/shop}"

    routes:
      # Reads one order by its number.
      GET /orders/{orderId}:
        soap: shop.GetOrder
        returns: order

      # Finds the orders of one customer, oldest first.
      GET /orders:
        soap: shop.SearchOrders
        returns: result

      # Takes an order in and gives it a number. Refused where it exceeds the credit limit of the
      # customer.
      POST /orders:
        soap: shop.PlaceOrder
        body: order
        returns: order

      # Cancels an order that has not left the house.
      POST /orders/{orderId}/cancel:
        soap: shop.CancelOrder

      # Reads one customer: a person, a company or a key account.
      GET /customers/{customerId}:
        soap: shop.GetCustomer

      # Lists as many orders as are asked for, in one long answer. Meant for the nightly export.
      # `SearchOrders` has GET /orders already
      GET /orders/list-orders:
        soap: shop.ListOrders

      # Tells how much of an article is in which warehouse.
      # confidence low: `check` asks and changes nothing
      GET /stock:
        soap: shop.CheckStock

      # Tells the shop that a parcel has left. There is no answer.
      # confidence medium: `notify` does something to it
      POST /shipments/notify:
        soap: shop.NotifyShipment
    "##);
}

#[test]
fn names_and_paths_that_clash_are_told_apart() {
    let crate_type = "<x:complexType name='Crate'><x:sequence><x:element name='CrateID' type='x:int'/><x:element name='CrateId' type='x:int'/><x:element name='code' type='x:string'/></x:sequence><x:attribute name='code' type='x:string'/></x:complexType>";
    let schema = crate_type.to_owned()
        + &element("GetCrate", "<x:element name='CrateID' type='x:int'/>")
        + &element("FindCrate", "<x:element name='crateNumber' type='x:int'/>")
        + &element("Update", "<x:element name='Crate' type='t:Crate'/>")
        + &element(
            "Login",
            "<x:element name='user' type='x:string'/><x:element name='password' type='x:string'/>",
        )
        + &element("R", "<x:element name='Crate' type='t:Crate'/>");
    let operations = [
        ("GetCrate", "GetCrate", "R"),
        ("FindCrate", "FindCrate", "R"),
        ("UpdateCrate", "Update", "R"),
        ("GetSession", "Login", "R"),
    ];
    let project = Project::new();
    let source = project.contract("depot.wsdl", wsdl(&schema, &operations));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 0);
    let mapping = project.read("mappings/depot.yaml");
    insta::assert_snapshot!(mapping.split_once("backends:").unwrap().1, @r##"
      depot:  # SOAP 1.1
        soap: ../wsdl/depot/Depot.wsdl
        service: DepotService
        port: DepotPort
        url: "${DEPOT_URL:-http://depot.test/soap}"
        names:  # what the rule of names alone would not tell apart
          "Crate.@code": "@code"
          Crate.CrateId: CrateId

    routes:
      GET /crates/{crateId}:
        soap: depot.GetCrate
        returns: crate

      # `GetCrate` has GET /crates/{crateId} already
      GET /crates/{crateId}/find-crate:
        soap: depot.FindCrate
        in:
          crateNumber: path.crateId
        returns: crate

      PUT /crates/{crateId}:
        soap: depot.UpdateCrate
        in:
          crate.crateId: path.crateId
        body: crate
        returns: crate

      # confidence medium: `get` reads, but its input is more than single values
      POST /sessions/search:
        soap: depot.GetSession
        returns: crate
        effect: read
    "##);
}

#[test]
fn types_that_apache_servers_leave_undefined_are_known() {
    let project = Project::new();
    let apache = |name: &str, ty: &str| {
        let xmlns = "xmlns:a='http://xml.apache.org/xml-soap'";
        element(name, &format!("<x:element {xmlns} name='it' type='a:{ty}'/>"))
    };
    let schema = apache("Get", "Map") + &apache("GetXml", "Element") + &apache("R", "Vector");
    let operations = [("GetMap", "Get", "R"), ("GetXml", "GetXml", "R")];
    let source = project.contract("depot.wsdl", wsdl(&schema, &operations));
    let done = project.import(&source, &[]).unwrap();
    assert!(done.text.contains("2 operations: 0 without loss, 2 with"), "{}", done.text);
    assert!(done.text.contains("             `item` of `Vector` is anyType"), "{}", done.text);
    assert!(done.text.contains("             what the wildcard of `Element`"), "{}", done.text);
    let mapping = project.read("mappings/depot.yaml");
    assert!(mapping.contains("[loss-any]\n"), "{mapping}");
}

#[test]
fn routes_of_other_files_are_left_to_them() {
    let project = Project::new();
    let schema = element("GetCrate", "<x:element name='CrateID' type='x:int'/>")
        + &element("R", "<x:element name='a' type='x:int'/>");
    let source = project.contract("depot.wsdl", wsdl(&schema, &[("GetCrate", "GetCrate", "R")]));
    project.import(&source, &["--name", "one"]).unwrap();
    project.import(&source, &["--name", "two"]).unwrap();
    let mapping = project.read("mappings/two.yaml");
    assert!(mapping.contains("GET /crates/{crateId}/get-crate:"), "{mapping}");
}

#[test]
fn members_that_look_like_documents_are_named_and_not_opened() {
    let project = Project::new();
    let put = "<x:element name='OrderXml' type='x:string'/>\
         <x:element name='Title' type='x:string'/><x:element name='Rows'><x:complexType>\
         <x:sequence><x:element ref='x:schema'/><x:any/></x:sequence></x:complexType></x:element>";
    let text = wsdl(&element("Put", put), &[("Put", "Put", "Put")]);
    let source = project.contract("d.wsdl", text);
    project.import(&source, &["--name", "d"]).unwrap();
    let mapping = project.read("mappings/d.yaml");
    let proposed = mapping.split_once("# These").unwrap().1.split_once("\nroutes").unwrap().0;
    insta::assert_snapshot!(proposed, @"
    may hold XML documents. With the root element and its schema they are shown as
       # the objects they are, in place of text:
       # open:
       #   Put.OrderXml: { element: …, schema: … }
       #   Put.Rows: { dataset: …, schema: … }
    ");
}
