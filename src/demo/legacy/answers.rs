//! The templates of the answers, element by element in the order of the schemas.

use super::data::{Address, Company, Customer, Kind, Line, Maybe, Money, Order, Payment, Stock};
use super::fault::Soap;
use super::outbound::{Page, escape};

/// The namespace of the wrappers.
pub const SVC: &str = "http://legacy.shop.example/orders/2009/service/";
/// The namespace of orders.
pub const ORD: &str = "http://legacy.shop.example/orders/2009/";
/// The namespace of customer types; their elements are in none.
pub const CUS: &str = "http://legacy.shop.example/customers/2007/";
/// The namespace of what both share.
pub const COM: &str = "http://legacy.shop.example/common/2007/";

/// How deep the body's child stands, in tabs.
pub const BODY_DEPTH: usize = 2;

/// Everything before the body's content.
pub fn head(soap: Soap) -> String {
    let envelope = soap.namespace();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- SHOP/2.7.1 MF-2 -->\n\
         <E_:Envelope xmlns:E_='{envelope}' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\n\
         \t<E_:Header>\n\t\t<n:Node xmlns:n='urn:shop:internals'>MF-2</n:Node>\n\t</E_:Header>\n\
         \t<E_:Body>\n"
    )
}

/// Everything after it.
pub const TAIL: &str = "\t</E_:Body>\n</E_:Envelope>\n";

/// The whole envelope around a body's content.
pub fn envelope(soap: Soap, body: &str) -> String {
    format!("{}{body}{TAIL}", head(soap))
}

/// `<…Response>` of the operation around what `content` writes.
pub fn wrapped(operation: &str, content: impl FnOnce(&mut Page)) -> String {
    let mut page = Page::new(BODY_DEPTH);
    page.open(&format!("s-09:{operation}Response xmlns:s-09='{SVC}'"));
    content(&mut page);
    page.close(&format!("s-09:{operation}Response"));
    page.finish()
}

/// An amount with its currency; `tag` is in the namespace that is in scope.
pub fn money(page: &mut Page, tag: &str, money: &Money) {
    page.leaf(&format!("{tag} Currency='{}'", escape(&money.currency)), &money.amount);
}

/// An order under a name of the wrapper's or of its own namespace.
pub fn order(page: &mut Page, tag: &str, order: &Order) {
    let mut open = format!("{tag} xmlns='{ORD}' Version='{}'", order.version);
    if let Some(channel) = &order.channel {
        open.extend([" Channel='", &escape(channel), "'"]);
    }
    page.open(&open);
    page.leaf("OrderID", &order.id.to_string());
    page.leaf("CustomerID", &order.customer);
    page.leaf("Status", order.status);
    page.leaf("OrderDate", &order.date);
    page.leaf("PlacedAt", &order.placed_at);
    page.nillable("DeliveryDate", order.delivery_date.as_deref());
    page.optional("ShippedAt", order.shipped_at.as_deref());
    address(page, "ShipTo", &order.ship_to);
    lines(page, &order.lines);
    for note in &order.notes {
        page.leaf("Note", note);
    }
    payment(page, &order.payment);
    money(page, "Total", &order.total);
    page.optional("TrackingNumber", order.tracking.map(|n| n.to_string()).as_deref());
    page.leaf("Flags", order.flags);
    page.close(tag);
}

fn address(page: &mut Page, tag: &str, address: &Address) {
    page.open(&format!("{tag} xmlns:_c='{COM}'"));
    for street in &address.street {
        page.leaf("_c:Street", street);
    }
    page.leaf("_c:ZIPCode", &address.zip);
    page.leaf("_c:City", &address.city);
    page.optional("_c:CountryCode", address.country.as_deref());
    page.close(tag);
}

fn lines(page: &mut Page, lines: &[Line]) {
    if lines.is_empty() {
        return page.leaf("Lines", "");
    }
    page.open("Lines");
    for line in lines {
        page.open(&format!("OrderLine LineNo='{}'", escape(&line.number)));
        page.leaf("ArticleNumber", &line.article);
        if let Some(description) = &line.description {
            page.cdata("Description", description);
        }
        page.leaf("Quantity", &line.quantity);
        page.leaf("Unit", &line.unit);
        money(page, "UnitPrice", &line.price);
        page.optional("Gift", line.gift.as_deref());
        for serial in &line.serials {
            page.leaf("SerialNumber", serial);
        }
        page.close("OrderLine");
    }
    page.close("Lines");
}

fn payment(page: &mut Page, payment: &Payment) {
    page.open("Payment");
    match payment {
        Payment::Card { brand, digits, valid_until } => {
            page.open("Card");
            page.leaf("Brand", brand);
            page.leaf("LastDigits", digits);
            page.leaf("ValidUntil", valid_until);
            page.close("Card");
        }
        Payment::Invoice { due_days, reference } => {
            page.open("Invoice");
            page.leaf("DueDays", due_days);
            page.optional("PurchaseReference", reference.as_deref());
            page.close("Invoice");
        }
        Payment::Voucher { code, value } => {
            page.open("Voucher");
            page.leaf("VoucherCode", code);
            money(page, "FaceValue", value);
            page.close("Voucher");
        }
    }
    page.close("Payment");
}

/// The result of a search: how many there are, and those that were asked for.
pub fn found(page: &mut Page, total: usize, orders: &[Order]) {
    page.open(&format!("s-09:Result xmlns='{ORD}'"));
    page.leaf("TotalCount", &total.to_string());
    if orders.is_empty() {
        page.leaf("Orders", "");
    } else {
        page.open("Orders");
        for each in orders {
            order(page, "Order", each);
        }
        page.close("Orders");
    }
    page.close("s-09:Result");
}

/// What a cancellation came to; a refund is due where there was an amount.
pub fn cancelled(page: &mut Page, order: &Order, reason: &str) {
    page.open(&format!("s-09:CancelOrderResult xmlns:q='{ORD}'"));
    page.leaf("q:OrderID", &order.id.to_string());
    page.leaf("q:Status", order.status);
    page.leaf("q:Reason", reason);
    if !order.lines.is_empty() {
        money(page, "q:Refund", &order.total);
    }
    page.close("s-09:CancelOrderResult");
}

/// A customer, saying which kind.
pub fn customer(page: &mut Page, customer: &Customer) {
    let kind = match customer.kind {
        Kind::Person { .. } => "Person",
        Kind::Company(_) => "Company",
        Kind::KeyAccount { .. } => "KeyAccount",
    };
    let rating = customer.rating.map(|rating| format!(" Rating='{rating}'")).unwrap_or_default();
    page.open(&format!(
        "s-09:GetCustomerResult xmlns:K='{CUS}' i:type='K:{kind}'{rating} Since='{}'",
        customer.since
    ));
    page.leaf("CustomerID", customer.id);
    page.leaf("AccountNumber", &customer.account.to_string());
    page.leaf("RegisteredAt", customer.registered_at);
    for email in customer.emails {
        page.leaf("Email", email);
    }
    address(page, "Address", &customer.address);
    page.nillable("CreditLimit", customer.credit_limit);
    page.leaf("Locked", customer.locked);
    match &customer.kind {
        Kind::Person { first, middle, last, birth } => {
            page.leaf("FirstName", first);
            match middle {
                Maybe::Absent => {}
                Maybe::Nil => page.nillable("MiddleName", None),
                Maybe::Text(text) => page.leaf("MiddleName", text),
            }
            page.leaf("LastName", last);
            page.nillable("BirthDate", *birth);
        }
        Kind::Company(it) => company(page, it),
        Kind::KeyAccount { company: it, manager, rates } => {
            company(page, it);
            page.leaf("AccountManager", manager);
            page.leaf("DiscountRates", rates);
        }
    }
    page.close("s-09:GetCustomerResult");
}

fn company(page: &mut Page, company: &Company) {
    page.leaf("CompanyName", company.name);
    page.optional("VATNumber", company.vat);
    page.optional("EmployeeCount", company.employees.map(|n| n.to_string()).as_deref());
    for contact in &company.contacts {
        let department = contact
            .department
            .map(|name| format!(" Department='{}'", escape(name)))
            .unwrap_or_default();
        page.open(&format!("Contact{department}"));
        page.leaf("Name", contact.name);
        for phone in contact.phones {
            page.leaf("Phone", phone);
        }
        page.close("Contact");
    }
}

/// The bare answer about an article.
pub fn stock(article: &str, available: &str, places: &[Stock]) -> String {
    let mut page = Page::new(BODY_DEPTH);
    page.open(&format!("StockReport xmlns='{SVC}'"));
    page.leaf("ArticleNumber", article);
    page.leaf("Available", available);
    for (warehouse, quantity, reserved) in places {
        let reserved = reserved.map(|it| format!(" Reserved='{it}'")).unwrap_or_default();
        page.leaf(&format!("Stock Warehouse='{warehouse}'{reserved}"), quantity);
    }
    page.close("StockReport");
    page.finish()
}
