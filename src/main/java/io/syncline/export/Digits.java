package io.syncline.export;

import java.math.BigDecimal;

/** How many digits the decimals of a field have at most, and how many of them stand behind the point. */
public record Digits(int precision, int scale) {
    /** What Parquet takes at most. */
    public static final int MOST = 38;

    /** So many that the value fits. */
    public static Digits of(BigDecimal value) {
        int scale = Math.max(0, value.scale());
        return new Digits(Math.max(1, value.precision() - value.scale() + scale), scale);
    }

    /** So many that what fits either fits. */
    public Digits and(Digits other) {
        int most = Math.max(scale, other.scale);
        return new Digits(Math.max(precision - scale, other.precision - other.scale) + most, most);
    }

    /** Whether a Parquet file has a decimal column for so many. */
    public boolean fitParquet() {
        return precision <= MOST;
    }
}
