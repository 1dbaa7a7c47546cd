package money;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSchemaType;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import javax.xml.datatype.XMLGregorianCalendar;

/** Abstract: what travels is always one of the derived types, and says so with xsi:type. */
@XmlAccessorType(XmlAccessType.FIELD)
@XmlSeeAlso({Payment.Card.class, Payment.Cash.class})
public abstract class Payment {
    @XmlElement(required = true)
    public Money total;

    /** A type with an attribute-free body of its own. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Card extends Payment {
        @XmlElement(required = true)
        public String number;
        @XmlSchemaType(name = "gYearMonth")
        public XMLGregorianCalendar expires;
    }

    /** A type that is extended once more. */
    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlSeeAlso(Foreign.class)
    public static class Cash extends Payment {
        public Money given;
    }

    /** Two steps from the base. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Foreign extends Cash {
        public double rate;
    }
}
