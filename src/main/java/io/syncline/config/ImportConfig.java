package io.syncline.config;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What fills a local table from files.
 *
 * @param folder   with placeholders
 * @param schedule a Quartz cron expression, or null where it looks only when asked to
 */
public record ImportConfig(String name, LocalTable table, String folder, String schedule, ZoneId zone, List<Supplier> suppliers) {
    public ImportConfig {
        suppliers = List.copyOf(suppliers);
    }

    /**
     * Who delivers files: CSV with a header.
     *
     * @param files        a pattern of names
     * @param decimalComma numbers are written as in 1.234,50
     * @param columns      for each field the column that it is read from
     * @param set          fields that say the same in every row
     * @param findColumn   the column that names the record a line belongs to
     * @param findBy       the field of the entity that says the same
     * @param endsMissing  a row whose line is missing from a new file is marked as ended
     */
    public record Supplier(String name, String files, char delimiter, Charset charset, boolean decimalComma, Map<String, String> columns,
                           Map<String, String> set, String findColumn, String findBy, boolean endsMissing) {
        public Supplier {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        }
    }
}
