-- Statements of mappings/ledger.yaml. Codes of the ledger are padded with spaces; `rtrim`
-- takes callers' codes without them.

-- name: invoices
SELECT COMPANY, INV_NO, CUST_NO, ISSUED_ON, DUE_ON, STATUS, NET, VAT, CURR
  FROM INVOICE
 WHERE 1 = 1 /*filters*/

-- name: invoice
SELECT I.COMPANY, I.INV_NO, I.CUST_NO, I.ORD_NO, I.ISSUED_ON, I.DUE_ON, I.STATUS,
       I.NET, I.VAT, I.CURR, I.PRINTED, I.NOTE, I.VERSION,
       L.LINE_NO, L.ART_NO, A.DESCR, L.QTY, A.UNIT, L.UNIT_PRICE, L.AMOUNT
  FROM INVOICE I
  LEFT JOIN INVOICE_LINE L ON L.COMPANY = I.COMPANY AND L.INV_NO = I.INV_NO
  LEFT JOIN ARTICLE A ON A.ART_NO = L.ART_NO
 WHERE I.COMPANY = :company AND I.INV_NO = :invNo
 ORDER BY I.COMPANY, I.INV_NO, L.LINE_NO

-- name: customer-invoices
SELECT COMPANY, INV_NO, ISSUED_ON, DUE_ON, STATUS, NET, VAT, CURR
  FROM INVOICE
 WHERE CUST_NO = :customerId /*filters*/

-- name: payments-of
SELECT INV_NO, PAY_ID, PAID_ON, AMOUNT, METHOD, REF
  FROM PAYMENT
 WHERE INV_NO IN (SELECT value FROM json_each(:ids))
 ORDER BY PAID_ON, PAY_ID

-- name: price
SELECT P.PRICE_LIST, P.ART_NO, A.DESCR, A.UNIT, P.VALID_FROM, P.PRICE, P.CURR, A.DISCONTD
  FROM PRICE P JOIN ARTICLE A ON A.ART_NO = P.ART_NO
 WHERE rtrim(P.PRICE_LIST) = :priceList AND rtrim(P.ART_NO) = :articleNumber
   AND P.VALID_FROM <= :on
 ORDER BY P.VALID_FROM DESC
 LIMIT 1

-- name: post-payment
INSERT INTO PAYMENT (COMPANY, INV_NO, PAID_ON, AMOUNT, METHOD, REF)
VALUES (:company, :invNo, :paidOn, :amount, :method, :ref)
RETURNING PAY_ID, COMPANY, INV_NO, PAID_ON, AMOUNT, METHOD, REF

-- name: annotate
UPDATE INVOICE SET NOTE = :note, VERSION = VERSION + 1
 WHERE COMPANY = :company AND INV_NO = :invNo AND VERSION = :version
RETURNING COMPANY, INV_NO, NOTE, VERSION

-- name: draft-invoice
INSERT INTO INVOICE (COMPANY, INV_NO, CUST_NO, ISSUED_ON, DUE_ON, STATUS, NET, VAT)
SELECT :company, coalesce(max(INV_NO), 0) + 1, :customer, :issuedOn, :dueOn, 'OPEN', 0, 0
  FROM INVOICE WHERE COMPANY = :company
RETURNING COMPANY, INV_NO

-- name: add-lines
INSERT INTO INVOICE_LINE (COMPANY, INV_NO, LINE_NO, ART_NO, QTY, UNIT_PRICE, AMOUNT)
SELECT :company, :invNo, L.key + 1, A.ART_NO, L.value ->> 'quantity', P.PRICE,
       round((L.value ->> 'quantity') * P.PRICE, 3)
  FROM json_each(:lines) L
  LEFT JOIN ARTICLE A ON rtrim(A.ART_NO) = L.value ->> 'article'
  LEFT JOIN PRICE P ON P.ART_NO = A.ART_NO AND P.PRICE_LIST = 'STD '
       AND P.VALID_FROM = (SELECT max(VALID_FROM) FROM PRICE
                            WHERE ART_NO = A.ART_NO AND PRICE_LIST = 'STD ')

-- name: total-invoice
UPDATE INVOICE
   SET NET = (SELECT round(sum(AMOUNT), 3) FROM INVOICE_LINE L
               WHERE L.COMPANY = INVOICE.COMPANY AND L.INV_NO = INVOICE.INV_NO),
       VAT = (SELECT round(sum(AMOUNT) * 0.19, 3) FROM INVOICE_LINE L
               WHERE L.COMPANY = INVOICE.COMPANY AND L.INV_NO = INVOICE.INV_NO)
 WHERE COMPANY = :company AND INV_NO = :invNo
RETURNING COMPANY, INV_NO, CUST_NO, ISSUED_ON, DUE_ON, STATUS, NET, VAT, CURR, VERSION

-- name: open-items
SELECT COMPANY, INV_NO, DUE_ON, BALANCE, CURR
  FROM OPEN_ITEM
 WHERE CUST_NO = :customerId
 ORDER BY DUE_ON, COMPANY, INV_NO

-- name: balance
SELECT coalesce(round(sum(BALANCE), 3), 0) AS BALANCE FROM OPEN_ITEM WHERE CUST_NO = :customerId
