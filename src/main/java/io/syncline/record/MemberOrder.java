package io.syncline.record;

/**
 * The members of the records before, in their order. Most records of a list have the same ones in the same order, so that a name is compared with the one that
 * stood there instead of being read and looked up.
 */
final class MemberOrder {
    private static final int MOST = 100;
    /** So many members in a row may be missing from a record. */
    private static final int MISSING = 2;
    private static final int ROOM = MOST + MISSING + 1;

    private final JsonCursor json;
    private final Member[] parents = new Member[ROOM];
    private final Member[] members = new Member[ROOM];
    private final int[] from = new int[ROOM];
    private final int[] length = new int[ROOM];
    private int place;

    MemberOrder(JsonCursor json) {
        this.json = json;
    }

    /** Begins with a record. */
    void begin() {
        place = 0;
    }

    /** Takes the name that stands next, with its colon; null where nobody wants anything from that member. */
    Member next(Member parent) {
        json.next();
        for (int ahead = place; ahead <= place + MISSING; ahead++) {
            if (parents[ahead] == parent && json.takesAgain(from[ahead], length[ahead])) {
                place = ahead + 1;
                return members[ahead];
            }
        }
        int begin = json.at();
        json.name();
        Member member = parent.named(json.bytes(), json.from() + 1, json.to() - 1);
        if (place < MOST && !json.isEscaped()) {
            parents[place] = parent;
            members[place] = member;
            from[place] = begin;
            length[place] = json.at() - begin;
            place++;
        }
        return member;
    }
}
