/** An office: a contract-first service; these classes are what office.xsd says. */
@XmlSchema(namespace = Office.NS, elementFormDefault = XmlNsForm.QUALIFIED)
package office;

import jakarta.xml.bind.annotation.XmlNsForm;
import jakarta.xml.bind.annotation.XmlSchema;
