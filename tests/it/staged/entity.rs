//! Writes that are assigned by what their bodies are about.

use figleaf::strangler::{Share, in_cohort};

use super::side::Side;
use super::stand::{CANCEL, Stand, cancel_json, candidate, legacy, mapping, plan};

#[actix_web::test]
async fn a_write_goes_where_the_thing_in_its_body_is() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let text = mapping((&sides.0, &sides.1), "", "").replace(
        "canary: { key: [path.orderId] }",
        "stage: canary 50%\n    canary: { key: [body.reason] }",
    );
    let salt = {
        let plan = plan(&text);
        let route = plan.routes.iter().find(|route| route.id == CANCEL).unwrap();
        route.migration.as_ref().unwrap().salt.clone()
    };
    let stand = Stand::of(&text).await;
    let share = Share::parse("50%").unwrap();
    let mut inside = 0;
    for n in 0..40 {
        sides.0.forget();
        sides.1.forget();
        let body = format!(r#"{{"reason":"customer-{n}"}}"#);
        let answer = stand.facade.post("/api/v1/orders/5/cancel", &body).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, cancel_json("5").as_str()));
        let is_inside = in_cohort(&salt, Some(&format!("customer-{n}")), share);
        inside += usize::from(is_inside);
        let asked = (sides.0.asked().len(), sides.1.asked().len());
        assert_eq!(asked, if is_inside { (0, 1) } else { (1, 0) }, "customer-{n}");
        if is_inside {
            // All of the body was sent on, though it was read before.
            assert_eq!(sides.1.asked()[0].body, body);
        }
    }
    assert!((10..=30).contains(&inside), "{inside}");
    // Without the member, with another type, or with no JSON at all it is the legacy system's.
    for body in ["{}", r#"{"reason":{"a":1}}"#, "{"] {
        sides.1.forget();
        stand.facade.post("/api/v1/orders/5/cancel", body).await;
        assert_eq!(sides.1.asked().len(), 0, "{body}");
    }
}
