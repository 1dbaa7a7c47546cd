//! What a caller learns of the database: nothing the mapping does not say.

use super::Ledger;

#[actix_web::test]
async fn words_of_the_database_stay_inside() {
    let ledger = Ledger::open();
    let payment =
        r#"{"company":"01","invNo":100001,"paidOn":"2009-06-01","amount":-1,"method":"BANK"}"#;
    let answer = ledger.facade.post("/api/v1/payments", payment).await;
    assert_eq!((answer.status, answer.problem().as_str()), (422, "database-constraint"));
    for word in ["CHECK", "constraint failed", "PAYMENT", "AMOUNT"] {
        assert!(!answer.text.contains(word), "{answer:?}");
    }
}

#[actix_web::test]
async fn a_rule_gives_an_error_its_meaning() {
    let routes = |errors: &str| {
        format!(
            "  POST /articles:\n    sql: ledger\n    query: insert into ARTICLE (ART_NO, DESCR, UNIT) values (:artNo, :descr, :unit)\n    errors: {{ {errors} }}\n"
        )
    };
    let body = r#"{"artNo":"B-7       ","descr":"x","unit":"PCE"}"#;
    for (errors, status) in [("", 409), ("\"23505\": 410", 410), ("\"23\": 423", 423)] {
        let ledger = Ledger::with(&routes(errors));
        let answer = ledger.facade.post("/api/v1/articles", body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, "database-duplicate"));
    }
}
