package dev.perennial.exchanger;

import dev.perennial.domain.definition.ClientCertificate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The clients of each certificate, so that a connection made with one never serves a request with
 * another or with none. Those used last are kept; what falls out is closed when its last call has
 * ended. Thread-safe.
 */
final class ClientsByCertificate implements AutoCloseable {
  private final Function<@Nullable ClientIdentity, Clients> make;
  private final int most;
  private final CompletableFuture<Shared> plain;

  /** By the hash of certificate and key, the one used longest ago first. Guarded by this. */
  private final Map<String, Shared> shown = new LinkedHashMap<>(16, 0.75f, true);

  /** Those in use among what fell out. Guarded by this. */
  private final Set<Shared> retired = new HashSet<>();

  private boolean closed;

  /**
   * Begins to make those without a certificate, on a thread of its own: the JDK's trust store takes
   * a while to read.
   *
   * @param most certificates whose clients are kept, positive
   */
  ClientsByCertificate(Function<@Nullable ClientIdentity, Clients> make, int most) {
    this.make = make;
    this.most = most;
    this.plain =
        CompletableFuture.supplyAsync(
            () -> new Shared(make.apply(null), true), Thread::startVirtualThread);
  }

  /**
   * Waits for those without a certificate.
   *
   * @throws RuntimeException where they could not be made
   */
  Shared plain() {
    try {
      return plain.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * The clients that show this certificate, to be given back with {@link #release}.
   *
   * @throws ClientIdentity.UnreadableException where it cannot be used
   * @throws RejectedExecutionException after the end
   */
  Shared acquire(@Nullable ClientCertificate certificate)
      throws ClientIdentity.UnreadableException {
    if (certificate == null) {
      return plain();
    }
    List<Shared> unused = new ArrayList<>();
    try {
      return acquire(hash(certificate), certificate, unused);
    } finally {
      unused.forEach(shared -> shared.clients.close());
    }
  }

  private synchronized Shared acquire(
      String hash, ClientCertificate certificate, List<Shared> unused)
      throws ClientIdentity.UnreadableException {
    if (closed) {
      throw new RejectedExecutionException();
    }
    Shared shared = shown.get(hash);
    if (shared == null) {
      shared = new Shared(make.apply(ClientIdentity.read(certificate)), false);
      shown.put(hash, shared);
    }
    shared.users++;
    for (var oldestFirst = shown.values().iterator(); shown.size() > most; ) {
      Shared oldest = oldestFirst.next();
      oldestFirst.remove();
      if (oldest.users == 0) {
        unused.add(oldest);
      } else {
        retired.add(oldest);
      }
    }
    return shared;
  }

  /** Gives back what {@link #acquire} gave. */
  void release(Shared shared) {
    if (!shared.forGood && lastOfRetired(shared)) {
      shared.clients.close();
    }
  }

  private synchronized boolean lastOfRetired(Shared shared) {
    shared.users--;
    return shared.users == 0 && retired.remove(shared);
  }

  private static String hash(ClientCertificate certificate) {
    byte[] chain = certificate.certificate().getBytes(StandardCharsets.UTF_8);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(chain.length).array());
      digest.update(chain);
      return HexFormat.of()
          .formatHex(digest.digest(certificate.key().reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Closes all of them at once, whoever uses them. */
  @Override
  public void close() {
    var _ = plain.thenAccept(shared -> shared.clients.close());
    List<Shared> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(shown.values());
      all.addAll(retired);
    }
    all.forEach(shared -> shared.clients.close());
  }

  /** Clients and how many calls use them. */
  static final class Shared {
    private final Clients clients;
    private final boolean forGood; // until the cache is closed
    private int users; // guarded by the cache

    private Shared(Clients clients, boolean forGood) {
      this.clients = clients;
      this.forGood = forGood;
    }

    Clients clients() {
      return clients;
    }
  }
}
