//! Whole documents.

use serde_json::Value;

use super::shop::shop;
use crate::openapi::{combined, document, to_json};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The lines of a part of the document of the shop's first version.
fn part(pointer: &str) -> String {
    let whole = parsed(&to_json(&document(&shop(), "v1")));
    let part = whole.pointer(pointer).unwrap_or(&Value::Null);
    serde_json::to_string_pretty(part).unwrap()
}

#[test]
fn an_operation_says_where_it_goes_and_what_it_takes() {
    let whole = parsed(&to_json(&document(&shop(), "v1")));
    let mut operation = whole["paths"]["/api/v1/orders/{id}"]["get"].clone();
    operation["responses"].take();
    insta::assert_snapshot!(serde_json::to_string_pretty(&operation).unwrap(), @r##"
    {
      "tags": [
        "orders"
      ],
      "operationId": "getOrder",
      "parameters": [
        {
          "name": "id",
          "in": "path",
          "required": true,
          "schema": {
            "type": "integer",
            "format": "int32"
          },
          "example": 1
        },
        {
          "name": "limit",
          "in": "query",
          "required": false,
          "schema": {
            "type": "integer",
            "format": "int32",
            "default": 50,
            "maximum": 500,
            "minimum": 1
          },
          "example": 1
        },
        {
          "name": "status",
          "in": "query",
          "description": "Any of these.",
          "required": false,
          "schema": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Status"
            }
          },
          "style": "form",
          "explode": true,
          "example": [
            "OPEN"
          ]
        }
      ],
      "responses": null,
      "deprecated": true,
      "x-figleaf-operation": {
        "service": "OrderService",
        "port": "OrderPort",
        "operation": "GetOrder"
      }
    }
    "##);
}

#[test]
fn an_answer_has_a_schema_an_example_and_headers() {
    insta::assert_snapshot!(part("/paths/~1api~1v1~1orders~1{id}/get/responses/200"), @r##"
    {
      "description": "The answer of `GetOrder`.",
      "headers": {
        "Deprecation": {
          "schema": {
            "type": "string"
          },
          "description": "Since when this route is deprecated (RFC 9745).",
          "example": "@1767225600"
        },
        "Sunset": {
          "schema": {
            "type": "string"
          },
          "description": "When this route will be gone (RFC 8594).",
          "example": "Thu, 01 Jul 2027 00:00:00 GMT"
        }
      },
      "content": {
        "application/json": {
          "schema": {
            "$ref": "#/components/schemas/Order"
          },
          "example": {
            "number": 1,
            "status": "OPEN",
            "total": 12.5,
            "line": [
              "text"
            ]
          }
        }
      }
    }
    "##);
}

#[test]
fn a_created_resource_has_a_location() {
    insta::assert_snapshot!(part("/paths/~1api~1v1~1orders/post/responses/201/headers"), @r##"
    {
      "Location": {
        "schema": {
          "type": "string",
          "format": "uri-reference"
        },
        "description": "Where the new resource is: `/api/v1/orders/{number}`."
      }
    }
    "##);
}

#[test]
fn a_declared_fault_has_its_status_and_its_type() {
    insta::assert_snapshot!(part("/paths/~1api~1v1~1orders~1{id}/get/responses/404"), @r##"
    {
      "description": "Not Found.\n- `fault-declared`: Order not found: the fault `OrderNotFound`",
      "content": {
        "application/problem+json": {
          "schema": {
            "allOf": [
              {
                "$ref": "#/components/schemas/Problem"
              },
              {
                "type": "object",
                "properties": {
                  "fault": {
                    "type": "object",
                    "required": [
                      "number"
                    ],
                    "properties": {
                      "number": {
                        "type": "integer",
                        "format": "int32"
                      }
                    }
                  }
                }
              }
            ]
          }
        }
      }
    }
    "##);
}

#[test]
fn a_one_way_answer_has_no_content() {
    insta::assert_snapshot!(part("/paths/~1api~1v1~1notices/put/responses/202"), @r##"
    {
      "description": "`PlaceOrder` was handed over; the backend does not answer it."
    }
    "##);
}

#[test]
fn what_is_passed_through_has_no_schema() {
    insta::assert_snapshot!(part("/paths/~1api~1v1~1orders~1{id}~1shipment/delete"), @r##"
    {
      "tags": [
        "orders"
      ],
      "operationId": "deleteOrder",
      "parameters": [
        {
          "name": "id",
          "in": "path",
          "required": true,
          "schema": {
            "type": "string"
          }
        }
      ],
      "responses": {
        "408": {
          "$ref": "#/components/responses/RequestTimeout"
        },
        "413": {
          "$ref": "#/components/responses/ContentTooLarge"
        },
        "414": {
          "$ref": "#/components/responses/URITooLong"
        },
        "500": {
          "$ref": "#/components/responses/InternalServerError"
        },
        "502": {
          "$ref": "#/components/responses/BadGateway3"
        },
        "503": {
          "$ref": "#/components/responses/ServiceUnavailable"
        },
        "504": {
          "$ref": "#/components/responses/GatewayTimeout"
        },
        "default": {
          "description": "The answer of the service `orders`, passed on as it is."
        }
      },
      "x-figleaf-backend": "orders"
    }
    "##);
}

#[test]
fn shared_problems_list_their_codes() {
    insta::assert_snapshot!(part("/components/responses/GatewayTimeout"), @r##"
    {
      "description": "Gateway Timeout.\n- `backend-timeout`: The backend did not answer in time.",
      "content": {
        "application/problem+json": {
          "schema": {
            "$ref": "#/components/schemas/Problem"
          }
        }
      }
    }
    "##);
}

#[test]
fn versions_share_what_is_the_same_and_tell_apart_what_is_not() {
    let whole = parsed(&to_json(&combined(&shop())));
    let names: Vec<&String> = whole["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["Order", "Order_v2", "Problem", "Status"]);
    let ids: Vec<&str> = whole["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["getOrder", "postOrder", "putOrder", "deleteOrder", "getOrder_v2"]);
    assert_eq!(whole["info"]["version"], "v1, v2");
    let second = parsed(&to_json(&document(&shop(), "v2")));
    let names: Vec<&String> = second["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["Order", "Problem", "Status"]);
}

#[test]
fn a_document_is_the_same_every_time() {
    assert_eq!(to_json(&combined(&shop())), to_json(&combined(&shop())));
}

#[test]
fn every_example_is_valid_against_its_schema() {
    let whole = parsed(&to_json(&combined(&shop())));
    let mut seen = 0;
    super::check_examples(&whole, &whole, &mut seen);
    assert_eq!(seen, 8);
}
