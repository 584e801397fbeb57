import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";

interface KnownAddressesProps {
  /** Those that are entered already. */
  entered: string[];
  onAdd: (address: string) => void;
}

/** Offers the addresses that this computer has, so that nobody has to look them up. */
export function KnownAddresses({ entered, onAdd }: KnownAddressesProps) {
  const { data, error } = useQuery(read(organisation.Addresses, undefined));
  if (error) {
    return (
      <Text size="xs" c="dimmed">
        {error.message} {error.hint}
      </Text>
    );
  }
  const offered = data?.filter(({ address }) => !entered.includes(address)) ?? [];
  if (data && data.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        This computer is in no network at the moment.
      </Text>
    );
  }
  return (
    <Group gap="xs" mih="1.625rem">
      {offered.length > 0 && (
        <Text size="xs" c="dimmed">
          This computer also has
        </Text>
      )}
      {offered.map(({ address, interface: card }) => (
        <Button
          key={address}
          size="compact-xs"
          variant="default"
          className="mono"
          title={`Network card ${card}`}
          aria-label={`Add ${address}`}
          onClick={() => onAdd(address)}
        >
          + {address}
        </Button>
      ))}
    </Group>
  );
}
