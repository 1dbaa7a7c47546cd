package depot;

/** A derived bean: Axis says so with xsi:type where an Item is declared. */
public class Tool extends Item {
    private double power;
    private Item spare;

    public double getPower() { return power; }
    public void setPower(double value) { power = value; }
    public Item getSpare() { return spare; }
    public void setSpare(Item value) { spare = value; }
}
