package dev.perennial.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** A ring that was written once is read for ever, and what it sealed is opened. */
class GoldenSealedTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");

  @Test
  void whatTheFirstFormatSealedIsOpenedWithTheFirstRing() throws IOException {
    KeyRing ring = KeyRing.read(golden("key-ring.v1.json"));
    Properties sealed = new Properties();
    sealed.load(new StringReader(golden("sealed.v1.properties")));
    assertThat(sealed).isNotEmpty();
    for (String purpose : sealed.stringPropertyNames()) {
      byte[] bytes = HexFormat.of().parseHex(Objects.requireNonNull(sealed.getProperty(purpose)));
      assertThat(ring.open(KEY, Purpose.valueOf(purpose), Sealed.of(bytes)))
          .asString(UTF_8)
          .isEqualTo("a text to find again");
    }
  }

  /** The key that encrypted it stands beside it, in place of a KMS. */
  @Test
  void aRingThatAKmsEncryptedIsReadForEver() throws Exception {
    Aead kms =
        TinkJsonProtoKeysetFormat.parseKeyset(
                golden("key-ring-wrapped.v1.kms-key.json"),
                AeadConfig2026.get(),
                InsecureSecretKeyAccess.get())
            .getPrimitive(AeadConfig2026.get(), Aead.class);
    KeyRing ring =
        Wrapping.with(kms, "golden-kms://key").read(golden("key-ring-wrapped.v1.json"), "golden");
    assertThat(ring.keys()).isEqualTo(KeyRing.read(golden("key-ring.v1.json")).keys());
  }

  private static String golden(String name) throws IOException {
    try (InputStream file = GoldenSealedTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    }
  }
}
