package depot;

import java.math.BigDecimal;
import java.util.Calendar;
import java.util.Date;

/** A bean with one property of each kind that Axis maps by itself. */
public class Item {
    private String code;
    private String name;
    private BigDecimal price;
    private int quantity;
    private boolean fragile;
    private Calendar addedAt;
    private Date checkedOn;
    private byte[] label;
    private Integer shelf;
    private String[] tags;

    public String getCode() { return code; }
    public void setCode(String value) { code = value; }
    public String getName() { return name; }
    public void setName(String value) { name = value; }
    public BigDecimal getPrice() { return price; }
    public void setPrice(BigDecimal value) { price = value; }
    public int getQuantity() { return quantity; }
    public void setQuantity(int value) { quantity = value; }
    public boolean isFragile() { return fragile; }
    public void setFragile(boolean value) { fragile = value; }
    public Calendar getAddedAt() { return addedAt; }
    public void setAddedAt(Calendar value) { addedAt = value; }
    public Date getCheckedOn() { return checkedOn; }
    public void setCheckedOn(Date value) { checkedOn = value; }
    public byte[] getLabel() { return label; }
    public void setLabel(byte[] value) { label = value; }
    public Integer getShelf() { return shelf; }
    public void setShelf(Integer value) { shelf = value; }
    public String[] getTags() { return tags; }
    public void setTags(String[] value) { tags = value; }
}
