package dev.perennial.bench.scale;

/**
 * What a demand takes, by what each thing costs. Everything is sized for the headroom, at which a
 * processor is fully used: usually it is used by one part in headroom.
 *
 * @param replicas copies of each Redis shard and of each Kafka partition, the first included
 */
public record Plan(Demand demand, UnitCosts costs, double headroom, int replicas) {
  private static final double MICROS = 1e6;
  private static final double GIB = 1L << 30;
  private static final double DAY = 86_400;

  /** Memory that Redis needs beside its data: fragments, buffers, a rewrite under way. */
  private static final double REDIS_OVERHEAD = 1.5;

  /** Days for which every record of a compacted topic stays, and for which due records stay. */
  private static final double LAG_DAYS = 1;

  private double peak() {
    return demand.rate() * headroom;
  }

  public double exchangerCores() {
    return peak() * costs.exchangerMicros() / MICROS;
  }

  /** One thread of Redis each. */
  public double redisPrimariesByTime() {
    return peak() * costs.redisMicros() / MICROS;
  }

  /** Of all primaries together, in GiB. */
  public double redisMemory() {
    return demand.connections() * costs.connectionBytes() * REDIS_OVERHEAD / GIB;
  }

  public double kafkaCores() {
    return peak() * costs.kafkaMicros() * replicas / MICROS;
  }

  /** MB a second written by clients, usually. */
  public double kafkaIn() {
    return demand.rate() * (costs.recordBytes() + costs.dueBytes()) / 1e6;
  }

  /** TB on all disks: the last record of each connection, a day of all of them, a day of due. */
  public double kafkaDisk() {
    double latest = demand.connections() * costs.recordBytes();
    double lately = demand.rate() * DAY * LAG_DAYS * (costs.recordBytes() + costs.dueBytes());
    return replicas * (latest + lately) / 1e12;
  }

  /** GiB of live heap in all exchangers for the calls in flight at the headroom. */
  public double inFlightMemory() {
    return demand.inFlight() * headroom * costs.inFlightMib() / 1000 / 1024;
  }

  /** Seconds until a Redis primary that lost everything is back, where so many share the load. */
  public double healing(double primaries) {
    return demand.connections() / primaries / costs.healed();
  }
}
