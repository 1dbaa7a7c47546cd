package depot;

/** A declared fault: Axis publishes its properties as the type of the detail. */
public class NoSuchItem extends Exception {
    private final String code;
    private final int tries;

    public NoSuchItem(String code, int tries) {
        super("no item " + code);
        this.code = code;
        this.tries = tries;
    }

    public String getCode() { return code; }
    public int getTries() { return tries; }
}
