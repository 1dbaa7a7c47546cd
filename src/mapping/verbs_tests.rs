use super::*;

/// `name(required, scalars)`, marks, expected. Marks: `{}` structured input, `?` all
/// optional, `!` no answer.
fn check(rows: &[(&str, &str, &str)]) {
    for (call, marks, expected) in rows {
        let (name, inputs) = call.split_once('(').unwrap_or((call, ")"));
        let inputs = inputs.trim_end_matches(')');
        let inputs: Vec<&str> = inputs.split(", ").filter(|name| !name.is_empty()).collect();
        let proposal = propose(&Operation {
            name,
            required_scalars: &inputs,
            all_scalar: !marks.contains("{}"),
            all_optional: marks.contains('?'),
            void: marks.contains('!'),
        });
        let found = format!("{} {} {:?}", proposal.method, proposal.path, proposal.confidence);
        assert_eq!(found, *expected, "{call}");
    }
}

#[test]
fn reads_with_single_values_are_get() {
    check(&[
        ("GetOrder(orderId)", "", "GET /orders/{orderId} High"),
        ("getOrder(id)", "", "GET /orders/{id} High"),
        ("GetOrderById(id)", "", "GET /orders/{id} High"),
        ("GetOrders()", "", "GET /orders High"),
        ("GetOrderList()", "", "GET /orders High"),
        ("GetAllCustomers()", "", "GET /customers High"),
        ("GetOrdersByCustomer(customerId)", "", "GET /orders High"),
        ("ListCountries()", "", "GET /countries High"),
        ("FindPerson(name)", "", "GET /people High"),
        ("search_orders(term)", "", "GET /orders High"),
        ("GetOrderStatus(orderId)", "", "GET /orders/{orderId}/status High"),
        (
            "GetCustomerInvoices(customerNumber)",
            "",
            "GET /customers/{customerNumber}/invoices High",
        ),
        ("getURLForId(id)", "", "GET /urls/{id} High"),
        ("GetWeather(city)", "", "GET /weather Medium"),
        ("GetOrderV2(orderId)", "", "GET /orders/{orderId}/v2 High"),
        ("LookupCurrency(code)", "", "GET /currencies/{code} High"),
        ("retrieveBLZInfo(blzCode)", "", "GET /blzes/{blzCode}/info High"),
        ("ReadPurchaseOrder(purchaseOrderId)", "", "GET /purchase-orders/{purchaseOrderId} High"),
        ("fetchStatus()", "", "GET /statuses Medium"),
        ("QueryStock(sku)", "", "GET /stock High"),
    ]);
}

#[test]
fn reads_with_structured_input_are_searches() {
    check(&[
        ("SearchOrders", "{}", "POST /orders/search Medium"),
        ("GetQuote", "{}", "POST /quotes/search Medium"),
        ("FindCustomer(customerId)", "{}", "POST /customers/{customerId}/search Medium"),
        ("GetReady", "!", "POST /readies/get Medium"),
    ]);
}

#[test]
fn questions_are_get_without_a_plural() {
    check(&[
        ("CheckVat(countryCode, vatNumber)", "", "GET /vats/{vatNumber}/check Medium"),
        ("CheckVatApprox(countryCode, taxpayer)", "", "GET /vat-approx Low"),
        ("HasAccess(user)", "", "GET /access Low"),
        ("IsValid(text)", "", "GET /valid Low"),
        ("ExistsCustomer(customerId)", "", "GET /customers/{customerId}/exists Medium"),
        ("CountOrders()", "", "GET /orders/count Medium"),
        ("CheckBasket", "{}", "POST /baskets/check Medium"),
    ]);
}

#[test]
fn writes_follow_their_verb() {
    check(&[
        ("placeOrder", "{}", "POST /orders High"),
        ("CreateCustomer", "{}", "POST /customers High"),
        ("AddOrderItem(orderId)", "{}", "POST /orders/{orderId}/items High"),
        ("RegisterCompany(companyNumber)", "", "POST /companies High"),
        ("InsertAddress", "{}", "POST /addresses High"),
        ("UpdateCustomerAddress(customerId)", "{}", "PUT /customers/{customerId}/address High"),
        ("UpdateCustomer(customerId)", "{}?", "PATCH /customers/{customerId} High"),
        ("SetOption(name, value)", "", "PUT /options Low"),
        ("ModifyBooking(bookingId)", "{}", "PUT /bookings/{bookingId} High"),
        ("DeleteOrder(orderId)", "!", "DELETE /orders/{orderId} High"),
        ("RemoveTag(name)", "!", "DELETE /tags Low"),
        ("DeleteOrders", "{}!", "POST /orders/delete Medium"),
    ]);
}

#[test]
fn other_verbs_are_actions_and_other_names_are_posted() {
    check(&[
        ("CancelOrder(orderId)", "!", "POST /orders/{orderId}/cancel High"),
        ("ApproveInvoice(invoiceNumber)", "", "POST /invoices/{invoiceNumber}/approve High"),
        ("ProcessPayment", "{}", "POST /payments/process Medium"),
        ("ConvertTemperature(value)", "", "POST /temperatures/convert Medium"),
        ("SendSMS(to)", "", "POST /sms/send Medium"),
        ("BudgetPost", "{}", "POST /budget-post Low"),
        ("NumberToWords(number)", "", "POST /number-to-words Low"),
        ("Add(a, b)", "", "POST /add Low"),
        ("Ping", "", "POST /ping Low"),
        ("login(user)", "", "POST /login Low"),
        ("Z_FI_POST", "", "POST /z-fi-post Low"),
        ("___", "", "POST /operation Low"),
        ("", "", "POST /operation Low"),
    ]);
}

#[test]
fn a_proposal_says_why() {
    let reason = |name| {
        let operation = Operation {
            name,
            required_scalars: &[],
            all_scalar: true,
            all_optional: false,
            void: false,
        };
        propose(&operation).reason
    };
    assert_eq!(reason("BudgetPost"), "`budget` is not a verb figleaf knows");
    assert_eq!(reason("DeleteOrder"), "`delete` removes it, but no required input identifies it");
}
