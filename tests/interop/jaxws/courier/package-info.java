/** A courier: document/literal services, written code first as most JAX-WS services are. */
@XmlSchema(namespace = Names.NS, elementFormDefault = XmlNsForm.QUALIFIED)
package courier;

import jakarta.xml.bind.annotation.XmlNsForm;
import jakarta.xml.bind.annotation.XmlSchema;
