package dev.perennial.client;

import dev.perennial.domain.Sealer;
import dev.perennial.domain.Secret;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** How to follow the topic. Not thread-safe. */
public final class KafkaCredentialsBuilder {
  private final Map<String, Object> kafka;
  private Topics topics = Topics.DEFAULT;
  private @Nullable Sealer sealer;
  private @Nullable AdminApi admin;
  private @Nullable CredentialsListener listener;
  private boolean replay;
  private Time time = Time.SYSTEM;

  KafkaCredentialsBuilder(Map<String, Object> kafka) {
    this.kafka = Map.copyOf(kafka);
  }

  /** Default: those with the prefix {@code perennial}. */
  public KafkaCredentialsBuilder topics(Topics given) {
    topics = given;
    return this;
  }

  /**
   * Opens the tokens with the ring in a file. Whoever has it can open refresh tokens too. Without a
   * ring the topic gives states alone, and the tokens come from {@link #admin}, where that is
   * given. A file that changes (a rotated ring) is read again when a token needs it.
   *
   * @throws dev.perennial.sealing.KeyRingException where the file holds no ring
   */
  public KafkaCredentialsBuilder keyRing(Path file) {
    return sealer(KeyRingFile.live(file));
  }

  /** Opens the tokens in another way than {@link #keyRing}. */
  public KafkaCredentialsBuilder sealer(Sealer given) {
    sealer = given;
    return this;
  }

  /**
   * Lets a refresh be asked for, and gives the tokens where there is no key ring.
   *
   * @param adminListener e.g. {@code http://perennial-admin:8081}
   * @param apiKey with the scope {@code connections:write}, and {@code credentials:read} where
   *     there is no key ring
   * @throws IllegalArgumentException where the URI is no http(s) URI with a host
   */
  public KafkaCredentialsBuilder admin(URI adminListener, Secret apiKey) {
    admin = new AdminApi(adminListener, apiKey, ApiCredentialsBuilder.DEADLINE);
    return this;
  }

  public KafkaCredentialsBuilder listener(CredentialsListener given) {
    listener = given;
    return this;
  }

  /**
   * Whether the listener hears what stood on the topic before the start too: each record that was
   * newer than those before it. Default: no.
   */
  public KafkaCredentialsBuilder replay(boolean all) {
    replay = all;
    return this;
  }

  KafkaCredentialsBuilder time(Time given) {
    time = given;
    return this;
  }

  /**
   * Begins to follow; returns at once, see {@link Credentials#ready()}.
   *
   * @throws org.apache.kafka.common.KafkaException where the properties are wrong or the name of no
   *     server can be resolved; a server that does not answer is waited for
   */
  public Credentials start() {
    Announcer announcer = new Announcer(listener);
    TopicView view = new TopicView(announcer, replay);
    CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    Tokens tokens = tokens(view, ready);
    view.onChange(tokens::changed);
    try {
      CredentialEvents events = CredentialEvents.on(kafka, topics).time(time).follow(view);
      Futures.settle(
          events.caughtUp(), none -> caughtUp(view, ready), ready::completeExceptionally);
      return new KafkaCredentials(view, tokens, events, ready, announcer);
    } catch (RuntimeException e) {
      tokens.close();
      announcer.close();
      throw e;
    }
  }

  private static void caughtUp(TopicView view, CompletableFuture<@Nullable Void> ready) {
    view.caughtUp();
    // What waits for it never runs on the thread that follows.
    ForkJoinPool.commonPool().execute(() -> ready.complete(null));
  }

  private Tokens tokens(TopicView view, CompletableFuture<@Nullable Void> ready) {
    if (sealer != null) {
      return new SealedTokens(view, ready, new SealedPayloads(sealer), admin, time);
    }
    if (admin == null) {
      return new NoTokens(view);
    }
    return new ApiTokens(
        admin,
        new Announcer(null), // the topic tells more
        ApiCredentialsBuilder.INTERVAL,
        ApiCredentialsBuilder.DEADLINE,
        time);
  }
}
