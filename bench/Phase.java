package bench;

/** What is measured of the yardstick, in this order. */
enum Phase {
    LOAD("initial load"), SAME("no change"), CHANGED("1 % updated, 0.5 % new, 0.5 % deleted");

    final String title;

    Phase(String title) {
        this.title = title;
    }

    /** How many records a pass over so many has to create, update, leave and delete. */
    Tally expected(int records) {
        int few = records / Goods.BLOCK;
        return switch (this) {
            case LOAD -> new Tally(records, 0, 0, 0);
            case SAME -> new Tally(0, 0, records, 0);
            case CHANGED -> new Tally(few, 2 * few, records - 3 * few, few);
        };
    }

    /** What became of the records of a pass. */
    record Tally(int created, int updated, int unchanged, int deleted) {
        @Override
        public String toString() {
            return "created " + created + " updated " + updated + " unchanged " + unchanged + " deleted " + deleted;
        }
    }
}
