package dev.perennial.stream;

/** How consumers of a group share partitions ({@code group.protocol}). */
public enum GroupProtocol {
  /** Sticky and cooperative, session kept by the client; recovers fastest. The default. */
  CLASSIC,
  /** KIP-848: the broker assigns, and its own session timeout holds (45 s by default). */
  CONSUMER
}
