import { quote } from '../json.ts';

export const projectColumns =
  'id, name, description, language_id, latitude, longitude, location_display_name, created_at, updated_at';

export interface ProjectRow {
  id: string;
  name: string;
  description: string | null;
  language_id: string;
  latitude: number | null;
  longitude: number | null;
  location_display_name: string | null;
  created_at: string;
  updated_at: string;
}

export function writeProject(row: ProjectRow): string {
  return `{"id":"${row.id}","name":${quote(row.name)},"description":${quote(row.description)},"language_id":"${row.language_id}","latitude":${row.latitude},"longitude":${row.longitude},"location_display_name":${quote(row.location_display_name)},"created_at":"${row.created_at}","updated_at":"${row.updated_at}"}`;
}
