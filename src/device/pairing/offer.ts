import type { PlistDictionary } from '../../formats/index.ts';
import type { PairRecord } from './pair-record.ts';

/** What a device is shown of a record: never the private keys. */
export function pairRecordOffer(record: PairRecord): PlistDictionary {
  return {
    DeviceCertificate: record.deviceCertificate,
    HostCertificate: record.hostCertificate,
    RootCertificate: record.rootCertificate,
    HostID: record.hostId,
    SystemBUID: record.systemBuid,
  };
}
