package io.syncline.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes rows of columns: groups, lists of both forms (with two levels and with three) and maps. What a row holds that cannot be told exactly is noted. */
final class RowMaker extends RecordMaterializer<Struct> {
    private final Group root;
    private List<String> problems = new ArrayList<>(0);
    private Struct row;

    RowMaker(MessageType columns) {
        root = new Group(columns, "", value -> row = (Struct) value);
    }

    /** What was noted of the row that was made last; the next row begins without. */
    List<String> problems() {
        List<String> noted = problems;
        if (!noted.isEmpty()) {
            problems = new ArrayList<>(0);
        }
        return noted;
    }

    @Override
    public Struct getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private Converter converter(Type type, String where, Consumer<Object> to) {
        if (type.isPrimitive()) {
            return new Scalar(type.asPrimitiveType(), value -> to.accept(fit(where, value)));
        }
        GroupType group = type.asGroupType();
        boolean wraps = group.getFieldCount() == 1 && group.getType(0).isRepetition(Repetition.REPEATED);
        if (wraps && group.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
            return new Items(group, where, to);
        }
        LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
        boolean map = logical instanceof MapLogicalTypeAnnotation || logical instanceof MapKeyValueTypeAnnotation;
        if (wraps && map && !group.getType(0).isPrimitive() && group.getType(0).asGroupType().getFieldCount() <= 2) {
            return new Entries(group, where, to);
        }
        return new Group(group, where, to);
    }

    private Object fit(String where, Object value) {
        if (value instanceof Unfit unfit) {
            problems.add("column " + where + ": " + unfit.why());
            return null;
        }
        return value;
    }

    private static String below(String where, Type type) {
        return where.isEmpty() ? type.getName() : where + "." + type.getName();
    }

    /** A group of columns, each of which may be repeated by itself. */
    private final class Group extends GroupConverter {
        private final String[] names;
        private final boolean[] repeated;
        private final Converter[] converters;
        private final Consumer<Object> to;
        private Object[] values;

        Group(GroupType type, String where, Consumer<Object> to) {
            this.to = to;
            int size = type.getFieldCount();
            names = new String[size];
            repeated = new boolean[size];
            converters = new Converter[size];
            for (int i = 0; i < size; i++) {
                int at = i;
                names[i] = type.getFieldName(i);
                repeated[i] = type.getType(i).isRepetition(Repetition.REPEATED);
                converters[i] = converter(type.getType(i), below(where, type.getType(i)),
                        repeated[i] ? value -> list(at).add(value) : value -> values[at] = value);
            }
        }

        @SuppressWarnings("unchecked")
        private List<Object> list(int at) {
            return (List<Object>) values[at];
        }

        @Override
        public Converter getConverter(int at) {
            return converters[at];
        }

        @Override
        public void start() {
            values = new Object[names.length];
            for (int at = 0; at < values.length; at++) {
                values[at] = repeated[at] ? new ArrayList<>() : null;
            }
        }

        @Override
        public void end() {
            to.accept(new Struct(names, values));
        }
    }

    /** A list, by the rules of the format for those that older writers left: what is repeated is either the element itself or a wrapping around it. */
    private final class Items extends GroupConverter {
        private final Converter repeated;
        private final Consumer<Object> to;
        private List<Object> items;

        Items(GroupType list, String where, Consumer<Object> to) {
            this.to = to;
            Type inner = list.getType(0);
            repeated = isElement(list, inner) ? converter(inner, where, item -> items.add(item)) : new Wrapping(inner.asGroupType(), where);
        }

        private static boolean isElement(GroupType list, Type inner) {
            return inner.isPrimitive() || inner.asGroupType().getFieldCount() != 1 || inner.asGroupType().getType(0).isRepetition(Repetition.REPEATED)
                    || inner.getName().equals("array") || inner.getName().equals(list.getName() + "_tuple");
        }

        @Override
        public Converter getConverter(int at) {
            return repeated;
        }

        @Override
        public void start() {
            items = new ArrayList<>();
        }

        @Override
        public void end() {
            to.accept(items);
        }

        private final class Wrapping extends GroupConverter {
            private final Converter element;
            private Object item;

            Wrapping(GroupType wrapping, String where) {
                element = converter(wrapping.getType(0), where, value -> item = value);
            }

            @Override
            public Converter getConverter(int at) {
                return element;
            }

            @Override
            public void start() {
                item = null;
            }

            @Override
            public void end() {
                items.add(item);
            }
        }
    }

    /** A map; its keys become texts. */
    private final class Entries extends GroupConverter {
        private final GroupConverter entry;
        private final Consumer<Object> to;
        private final String where;
        private Map<String, Object> entries;

        Entries(GroupType map, String where, Consumer<Object> to) {
            this.to = to;
            this.where = where;
            this.entry = new Entry(map.getType(0).asGroupType());
        }

        @Override
        public Converter getConverter(int at) {
            return entry;
        }

        @Override
        public void start() {
            entries = new LinkedHashMap<>();
        }

        @Override
        public void end() {
            to.accept(entries);
        }

        private final class Entry extends GroupConverter {
            private final Converter[] converters;
            private Object key;
            private Object value;

            Entry(GroupType type) {
                converters = new Converter[type.getFieldCount()];
                converters[0] = converter(type.getType(0), where, told -> key = told);
                if (converters.length > 1) {
                    converters[1] = converter(type.getType(1), where, told -> value = told);
                }
            }

            @Override
            public Converter getConverter(int at) {
                return converters[at];
            }

            @Override
            public void start() {
                key = null;
                value = null;
            }

            @Override
            public void end() {
                if (key == null || key instanceof Struct || key instanceof List || key instanceof Map) {
                    problems.add("column " + where + ": a key of the map is " + (key == null ? "null" : "no single value"));
                } else if (entries.containsKey(key.toString())) {
                    problems.add("column " + where + ": holds the key " + key + " twice");
                } else {
                    entries.put(key.toString(), value);
                }
            }
        }
    }
}
