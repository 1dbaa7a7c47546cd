package money;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlValue;
import java.math.BigDecimal;

/** Text beside an attribute. */
@XmlAccessorType(XmlAccessType.FIELD)
public class Money {
    @XmlValue
    public BigDecimal amount;
    @XmlAttribute(required = true)
    public String currency;

    public Money() {}

    public Money(String amount, String currency) {
        this.amount = new BigDecimal(amount);
        this.currency = currency;
    }
}
