-- 500,000 invoices of a legacy ledger: fixed-width keys, exact amounts, notes that may be missing.
create table invoice (
  invoice_no  bigint primary key,
  customer_no char(8) not null,
  issued_on   date not null,
  amount      numeric(12, 2) not null,
  currency    char(3) not null,
  paid        boolean not null,
  note        text
);

insert into invoice
select n,
       lpad((n % 20000)::text, 8, '0'),
       date '2010-01-01' + (n::bigint * 7919 % 5000)::int,
       ((n::bigint * 104729 % 10000000)::numeric / 100)::numeric(12, 2),
       (array['EUR', 'CHF', 'SEK'])[1 + n % 3],
       n % 4 <> 0,
       case when n % 5 = 0 then 'delivered late, "signed" by ' || md5(n::text) end
from generate_series(1, 500000) as n;

create index invoice_issued on invoice (issued_on, invoice_no);
vacuum (analyze, freeze) invoice;
