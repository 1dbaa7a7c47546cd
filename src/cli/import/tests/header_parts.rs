//! Header parts of answers: import proposes a member for each.

use super::fixtures::{Project, element, wsdl};

#[test]
fn every_header_part_of_an_answer_is_proposed_as_a_member() {
    let schema = element("GetCrate", "<x:element name='CrateID' type='x:int'/>")
        + &element(
            "GetCrateResponse",
            "<x:element name='Weight' type='x:int'/><x:element name='Session' type='x:int'/>",
        )
        + &element("ListCrates", "<x:element name='Zone' type='x:string' minOccurs='0'/>")
        + &element(
            "ListCratesResponse",
            "<x:element name='Crate' type='x:int' maxOccurs='unbounded'/>",
        )
        + "<x:element name='Session' type='x:string'/><x:element name='Trace.ID' type='x:string'/>";
    let operations = [
        ("GetCrate", "GetCrate", "GetCrateResponse"),
        ("ListCrates", "ListCrates", "ListCratesResponse"),
    ];
    let headers = "<message name='H'><part name='session' element='t:Session'/><part name='trace' element='t:Trace.ID'/></message><portType name='P'>";
    let output = "<output><s:body use='literal'/><s:header message='t:H' part='session' use='literal'/><s:header message='t:H' part='trace' use='literal'/></output>";
    let text = wsdl(&schema, &operations)
        .replace("<portType name='P'>", headers)
        .replace("<output><s:body use='literal'/></output>", output);
    let project = Project::new();
    let source = project.contract("depot.wsdl", text);
    let done = project.import(&source, &["--name", "depot"]).unwrap();
    assert!(done.text.contains("2 without loss, 0 with a named loss"), "{}", done.text);
    let mapping = project.read("mappings/depot.yaml");
    let routes = mapping.split_once("routes:\n").unwrap().1;
    insta::assert_snapshot!(routes, @r#"
      GET /crates/{crateId}:
        soap: depot.GetCrate
        out:
          sessionHeader: { header: session }
          traceId: { header: traceId }

      GET /crates:
        soap: depot.ListCrates
        out:
          session: { header: session }
          traceId: { header: traceId }
          result: { body: true }
    "#);
}
