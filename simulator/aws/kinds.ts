import { kind } from "../core/state";
import type { Stored } from "./resource";

/** An EC2 instance with the name of its machine. */
export interface InstanceRecord extends Stored {
  /** `running`, or `stopped` for as long as a change takes. */
  state: string;
  machine: string;
}

/** An attached volume knows where; `index` is that of its device node, /dev/nvme<index>n1. */
export interface VolumeRecord extends Stored {
  attachedTo?: { instance: string; device: string; index: number };
}

/** An associated address knows with what. */
export interface AddressRecord extends Stored {
  association?: { id: string; instance: string };
}

/** A database instance and where its server is. */
export interface DatabaseRecord extends Stored {
  container: string;
  network: { name: string; dns: string };
  privateAddress: string;
}

/** A snapshot of a database, made when it was deleted. */
export interface SnapshotRecord extends Stored {
  database: string;
  /** Folder with a copy of its data; "" without containers. */
  folder: string;
}

export const vpcs = kind<Stored>("aws/vpcs");
export const subnets = kind<Stored>("aws/subnets");
export const internetGateways = kind<Stored>("aws/internet-gateways");
export const routeTables = kind<Stored>("aws/route-tables");
export const routes = kind<Stored>("aws/routes");
export const routeTableAssociations = kind<Stored>("aws/route-table-associations");
export const securityGroups = kind<Stored>("aws/security-groups");
export const ingressRules = kind<Stored>("aws/security-group-ingress-rules");
export const egressRules = kind<Stored>("aws/security-group-egress-rules");
export const keyPairs = kind<Stored>("aws/key-pairs");
export const instances = kind<InstanceRecord>("aws/instances");
export const volumes = kind<VolumeRecord>("aws/volumes");
export const volumeAttachments = kind<Stored>("aws/volume-attachments");
export const addresses = kind<AddressRecord>("aws/addresses");
export const addressAssociations = kind<Stored>("aws/address-associations");
export const databaseSubnetGroups = kind<Stored>("aws/db-subnet-groups");
export const databaseParameterGroups = kind<Stored>("aws/db-parameter-groups");
export const databases = kind<DatabaseRecord>("aws/db-instances");
export const databaseSnapshots = kind<SnapshotRecord>("aws/db-snapshots");
export const records = kind<Stored>("aws/records");
