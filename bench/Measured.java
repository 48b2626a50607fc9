package bench;

/**
 * One pass of one of the two.
 *
 * @param seconds   by the clock
 * @param own       seconds of processor time of the program itself
 * @param postgres  of PostgreSQL meanwhile
 * @param server    of the page server meanwhile
 * @param memory    the most that the program had in memory, in megabytes
 * @param postgresMemory the most that PostgreSQL had, what its processes share counted once
 * @param serverMemory   the most that the page server had
 * @param alive     the most that was alive in the product's heap after a collection, in megabytes; 0 where none was needed
 * @param log       bytes of write-ahead log
 */
record Measured(double seconds, double own, double postgres, double server, long memory, long postgresMemory, long serverMemory, long alive, long log) {
    double processor() {
        return own + postgres;
    }
}
