/** A ledger: rpc/literal. */
@XmlSchema(namespace = Ledger.NS)
package ledger;

import jakarta.xml.bind.annotation.XmlSchema;
