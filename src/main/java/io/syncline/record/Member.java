package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A member of a side's records, or the record itself: what is wanted from it, and what from the members and items below it. */
final class Member {
    private final Map<String, Member> members = new HashMap<>();
    private final List<Wanted> wanted = new ArrayList<>(1);
    private byte[][] names;
    private Member[] named;
    private int[] slots;

    /** @param field null for what is no field */
    record Wanted(int slot, FieldType type, TimeFormat time, Field field) {
        /** @throws UnfitValue when the value is none of the type; the parser then stands at its end all the same */
        Object read(JsonParser parser) throws IOException {
            return field == null ? ValueReader.read(parser, type, time, false) : ValueReader.read(parser, field, time);
        }
    }

    /** The member at the path; {@link #settle} comes after the last. */
    Member reach(Path path) {
        Member member = this;
        for (String segment : path.segments()) {
            member = member.members.computeIfAbsent(segment, s -> new Member());
        }
        return member;
    }

    void want(Wanted more) {
        wanted.add(more);
    }

    List<Wanted> wanted() {
        return wanted;
    }

    /** Where what is wanted of it is kept. */
    int[] slots() {
        return slots;
    }

    boolean hasMembers() {
        return !members.isEmpty();
    }

    Collection<Member> members() {
        return members.values();
    }

    /** Null where nobody wants anything from it. */
    Member named(String name) {
        return members.get(name);
    }

    /** Null where nobody wants anything from it. */
    Member item(int index) {
        return members.get(Integer.toString(index));
    }

    /** The same as {@link #named(String)} of a name that stands in the bytes, without a text being made for it. */
    Member named(byte[] utf8, int from, int to) {
        if (from == to) {
            return null;
        }
        int last = named.length - 1;
        for (int place = place(utf8, from, to) & last; names[place] != null; place = place + 1 & last) {
            byte[] name = names[place];
            if (name.length == to - from && Arrays.equals(name, 0, name.length, utf8, from, to)) {
                return named[place];
            }
        }
        return null;
    }

    private static int place(byte[] utf8, int from, int to) {
        return (to - from) * 31 + utf8[from] * 7 + utf8[from + to >>> 1] * 5 + utf8[to - 1];
    }

    /** Makes what bytes are looked up in: at least half of it stays free, so that most names are found where they are looked for first. */
    void settle() {
        slots = wanted.stream().mapToInt(Wanted::slot).toArray();
        int room = Integer.highestOneBit(members.size() + 1) * 4;
        names = new byte[room][];
        named = new Member[room];
        members.forEach((text, member) -> {
            byte[] name = text.getBytes(StandardCharsets.UTF_8);
            int place = place(name, 0, name.length) & room - 1;
            while (names[place] != null) {
                place = place + 1 & room - 1;
            }
            names[place] = name;
            named[place] = member;
            member.settle();
        });
    }
}
