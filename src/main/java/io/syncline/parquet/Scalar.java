package io.syncline.parquet;

import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType;

import java.util.function.Consumer;

/** One column's values, each handed on as what the column's type says it is. Of a column with a dictionary each different value is made once. */
final class Scalar extends PrimitiveConverter {
    private final ColumnType type;
    private final PrimitiveType.PrimitiveTypeName stored;
    private final Consumer<Object> to;
    private Object[] dictionary;

    Scalar(PrimitiveType column, Consumer<Object> to) {
        this.type = ColumnType.of(column);
        this.stored = column.getPrimitiveTypeName();
        this.to = to;
    }

    @Override
    public boolean hasDictionarySupport() {
        return true;
    }

    @Override
    public void setDictionary(Dictionary values) {
        dictionary = new Object[values.getMaxId() + 1];
        for (int id = 0; id < dictionary.length; id++) {
            dictionary[id] = switch (stored) {
                case INT32 -> type.ofLong(values.decodeToInt(id));
                case INT64 -> type.ofLong(values.decodeToLong(id));
                case FLOAT -> type.ofFloat(values.decodeToFloat(id));
                case DOUBLE -> type.ofDouble(values.decodeToDouble(id));
                case BOOLEAN -> values.decodeToBoolean(id);
                default -> type.ofBytes(values.decodeToBinary(id));
            };
        }
    }

    @Override
    public void addValueFromDictionary(int id) {
        to.accept(dictionary[id]);
    }

    @Override
    public void addInt(int value) {
        to.accept(type.ofLong(value));
    }

    @Override
    public void addLong(long value) {
        to.accept(type.ofLong(value));
    }

    @Override
    public void addFloat(float value) {
        to.accept(type.ofFloat(value));
    }

    @Override
    public void addDouble(double value) {
        to.accept(type.ofDouble(value));
    }

    @Override
    public void addBoolean(boolean value) {
        to.accept(value);
    }

    @Override
    public void addBinary(Binary value) {
        to.accept(type.ofBytes(value));
    }
}
